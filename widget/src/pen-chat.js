// @ts-check
/**
 * <pen-chat>: the chat as an element of any page. Its panel is in a shadow tree; its messages are its own children,
 * slotted into the panel, so that what reads or translates the page's text reads them too.
 */
import { Conversation } from './conversation.js';
import { download, h, icon } from './dom.js';
import { markdown } from './markdown.js';
import { keyOf, render, retire, sent, size, spoken } from './render.js';
import { Refusal } from './server.js';
import { Store } from './store.js';
import { TEXT, fill } from './strings.js';
import { CHROME, PAGE, sheet } from './styles.js';
import { asText, print } from './transcript.js';

/** @import { Item, Welcome } from './server.js' */

const LONGEST = 2000;
const COUNT_FROM = 200; // characters left
const LARGEST_FILE = 5 * 1024 * 1024;
const SPOKEN_FOR = 8000; // ms that an announcement stands in the live region
const TYPES = '.png,.jpg,.jpeg,.pdf,.txt,.log';

const chrome = sheet(CHROME);
const page = sheet(PAGE);

export class PenChat extends HTMLElement {
  /** The address of the assistant's server, where the element has no `server` attribute. */
  static server = '';

  /** @type {Map<string, {item: Item, node: HTMLElement}>} */
  #items = new Map();
  /** @type {Conversation} */ #conversation = /** @type {any} */ (null);
  /** @type {Store} */ #store = /** @type {any} */ (null);
  /** @type {(() => void)[]} */ #undo = [];
  #unread = 0;
  #part = parts();

  connectedCallback() {
    if (!this.#store) this.#build();
    const root = /** @type {Document | ShadowRoot} */ (this.getRootNode());
    if (!root.adoptedStyleSheets.includes(page)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, page];
    const line = () => this.#line();
    addEventListener('online', line);
    addEventListener('offline', line);
    this.#undo = [
      this.#store.watch(() => this.#conversation.follow()),
      () => removeEventListener('online', line),
      () => removeEventListener('offline', line),
    ];
    this.#line();
    if (this.#store.own.open || this.hasAttribute('page')) this.#show();
    this.#conversation.resume();
  }

  disconnectedCallback() {
    for (const undo of this.#undo) undo();
  }

  open() {
    this.#show();
    this.#part.input.focus();
  }

  close() {
    if (this.hasAttribute('page')) return;
    this.#part.panel.hidden = true;
    this.#part.launch.hidden = false;
    this.#store.own.open = false;
    this.#store.save();
    this.#part.launch.focus();
  }

  // --- building ---

  #build() {
    const server = this.getAttribute('server') ?? PenChat.server;
    this.lang ||= 'pt-BR';
    this.#store = new Store(server);
    this.#conversation = new Conversation(server, this.#store, {
      welcome: (welcome) => this.#welcome(welcome),
      merge: (items, fresh) => this.#merge(items, fresh),
      add: (item) => this.#add(item),
      renumber: (before, after) => this.#renumber(before, after),
      busy: (busy) => this.#busy(busy),
      status: (text) => this.#status(text),
      trouble: (text, retry) => this.#trouble(text, retry),
      giveBack: (number, text) => this.#giveBack(number, text),
      reset: (note) => this.#reset(note),
    });
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [chrome];
    const { launch, panel, input, form, file, menu, menuButton } = this.#part;
    shadow.append(launch, panel);
    launch.addEventListener('click', () => this.open());
    panel.addEventListener('keydown', (event) => this.#key(event));
    panel.addEventListener('dragover', (event) => this.#drag(event, true));
    panel.addEventListener('dragleave', (event) => this.#drag(event, false));
    panel.addEventListener('drop', (event) => this.#drop(event));
    this.#part.minimise.addEventListener('click', () => this.close());
    menuButton.addEventListener('click', () => this.#menu(menu.hidden));
    menu.append(...this.#choices());
    form.addEventListener('submit', (event) => this.#submit(event));
    input.value = this.#store.own.draft;
    input.addEventListener('input', () => this.#typed());
    input.addEventListener('keydown', (event) => this.#enter(event));
    input.addEventListener('paste', (event) => this.#paste(event));
    this.#part.attach.addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      for (const one of file.files ?? []) this.#upload(one);
      file.value = '';
    });
    this.#typed();
  }

  #choices() {
    /** @param {string} label @param {() => void} act */
    const choice = (label, act) =>
      h('button', { type: 'button', onclick: () => (this.#menu(false), act()) }, label);
    return [
      choice(TEXT.newChat, () => this.#ask(TEXT.newChatAsk, TEXT.newChat, () => this.#conversation.renew())),
      choice(TEXT.end, () => this.#askEnd()),
      choice(TEXT.transcript, () => download('conversa.txt', 'text/plain;charset=utf-8', asText(this.#list()))),
      choice(TEXT.print, () => print(this.#list())),
    ];
  }

  #list() {
    return [...this.children].flatMap((node) => {
      const held = this.#items.get(/** @type {HTMLElement} */ (node).dataset.key ?? '');
      return held ? [held.item] : [];
    });
  }

  // --- the conversation's view ---

  /** @param {Welcome} welcome */
  #welcome({ welcome, privacy, suggestions }) {
    const box = this.#part.welcome;
    if (box.childElementCount) return;
    const choices = suggestions.map((text) => h('button', { type: 'button', onclick: () => this.#say(text) }, text));
    box.append(
      markdown(welcome),
      h('details', {}, h('summary', {}, TEXT.privacy), markdown(privacy)),
      h('div', { class: 'choices', role: 'group', 'aria-label': TEXT.suggestions }, ...choices),
    );
    box.hidden = false;
    this.#retire();
  }

  /** @param {Item[]} items @param {boolean} fresh */
  #merge(items, fresh) {
    const gone = new Set([...this.#items].filter(([, { item }]) => item.who === 'file').map(([key]) => key));
    /** @type {HTMLElement | null} */
    let before = null;
    for (const item of items) {
      gone.delete(keyOf(item));
      before = this.#add(item, before, fresh);
    }
    for (const key of gone) this.#discard(key);
  }

  /**
   * @param {Item} item @param {HTMLElement | null} [before] the node it comes after; the last one if not given
   * @param {boolean} [fresh] it is news
   */
  #add(item, before, fresh = true) {
    const key = keyOf(item);
    const held = this.#items.get(key);
    if (held) return held.node;
    const node = render(item, {
      press: (title, payload, event) => this.#press(title, payload, event),
      rate: (id, value) => this.#rate(id, value),
      status: (text) => this.#status(text),
      remove: (id, name) => this.#remove(id, name),
    });
    node.dataset.key = key;
    this.#items.set(key, { item, node });
    if (before) before.after(node);
    else if (before === null) this.prepend(node);
    else this.append(node);
    this.#retire();
    if (item.who === 'bot' && fresh) this.#news(item);
    this.#scroll();
    return node;
  }

  /** @param {number} before @param {number} after */
  #renumber(before, after) {
    const held = this.#items.get(`user-${before}`);
    if (!held || held.item.who !== 'user') return;
    this.#items.delete(`user-${before}`);
    held.item.number = after;
    held.node.dataset.key = `user-${after}`;
    this.#items.set(`user-${after}`, held);
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#part.typing.hidden = !busy;
    if (busy) this.#scroll();
  }

  /** @param {string} text */
  #status(text) {
    this.#part.status.textContent = text;
  }

  /** @param {string} text @param {boolean} retry */
  #trouble(text, retry) {
    const { trouble, input } = this.#part;
    const inside = trouble.contains(this.shadowRoot?.activeElement ?? null);
    trouble.replaceChildren();
    trouble.hidden = !text;
    if (inside) input.focus();
    if (!text) return;
    trouble.append(h('p', {}, text));
    if (!retry) return;
    trouble.append(h('button', { type: 'button', onclick: () => this.#conversation.retry() }, TEXT.retry));
  }

  /** @param {number} number @param {string} text */
  #giveBack(number, text) {
    this.#discard(`user-${number}`);
    if (text && !this.#part.input.value) this.#part.input.value = text;
    this.#typed();
  }

  /** @param {string} note */
  #reset(note) {
    this.#items.clear();
    this.replaceChildren(...(note ? [h('div', { class: 'pen-item pen-note' }, h('p', {}, note))] : []));
    this.#part.welcome.replaceChildren();
    this.#part.welcome.hidden = true;
    this.#part.news.replaceChildren();
    this.#part.input.value = this.#store.own.draft;
    this.#typed();
    if (note) this.#status(note);
  }

  // --- what people do ---

  #show() {
    const { panel, launch, badge } = this.#part;
    panel.hidden = false;
    launch.hidden = true;
    this.#unread = 0;
    badge.hidden = true;
    this.#store.own.open = true;
    this.#store.save();
    this.#conversation.open();
    this.#scroll();
  }

  /** @param {string} text */
  #say(text) {
    this.#part.ask.hidden = true;
    this.#conversation.say(text);
  }

  /** @param {string} title @param {string} payload @param {MouseEvent} event */
  #press(title, payload, event) {
    // the button goes: its focus must not be lost; by touch, a focused box would call the keyboard up
    if (event.detail === 0) this.#part.input.focus();
    else this.#part.log.focus({ preventScroll: true });
    this.#conversation.press(title, payload);
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#part.input.value.trim();
    if (!text || text.length > LONGEST) return this.#part.input.focus();
    this.#part.input.value = '';
    this.#typed();
    this.#say(text);
    this.#part.input.focus();
  }

  /** @param {KeyboardEvent} event */
  #enter(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#part.form.requestSubmit();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    const { ask, menu, menuButton } = this.#part;
    if (!ask.hidden) this.#answer();
    else if (!menu.hidden) {
      this.#menu(false);
      menuButton.focus();
    } else this.close();
  }

  #typed() {
    const { input, count } = this.#part;
    const left = LONGEST - input.value.length;
    count.hidden = left > COUNT_FROM;
    count.classList.toggle('over', left < 0);
    count.textContent = count.hidden ? '' : fill(left < 0 ? TEXT.countOver : TEXT.countLeft, { n: Math.abs(left) });
    input.setAttribute('aria-invalid', String(left < 0));
    this.#store.own.draft = input.value;
    this.#store.save();
  }

  /** @param {boolean} open */
  #menu(open) {
    const { menu, menuButton } = this.#part;
    const inside = menu.contains(this.shadowRoot?.activeElement ?? null);
    menu.hidden = !open;
    menuButton.setAttribute('aria-expanded', String(open));
    if (!open && inside) menuButton.focus();
  }

  /**
   * A question in the panel itself: `confirm()` is barred in frames, and cannot be styled.
   * @param {string} question @param {string} yes @param {() => void} act @param {Node[]} more
   */
  #ask(question, yes, act, ...more) {
    const { ask } = this.#part;
    const agree = h('button', { type: 'button', class: 'primary', onclick: () => (this.#answer(), act()) }, yes);
    const refuse = h('button', { type: 'button', onclick: () => this.#answer() }, TEXT.cancel);
    ask.replaceChildren(h('p', { id: 'question' }, question), ...more, h('div', { class: 'choices' }, agree, refuse));
    ask.hidden = false;
    refuse.focus();
  }

  #answer() {
    this.#part.ask.hidden = true;
    this.#part.input.focus();
  }

  #askEnd() {
    const marks = h('fieldset', {}, h('legend', {}, TEXT.satisfaction));
    for (const [n, label] of TEXT.satisfactionMarks.entries()) {
      const radio = h('input', { type: 'radio', name: 'mark', value: n + 1 });
      marks.append(h('label', {}, radio, label));
    }
    const end = async () => {
      const mark = /** @type {HTMLInputElement | null} */ (marks.querySelector(':checked'))?.value;
      try {
        if (mark) await this.#conversation.server.rate('conversation', mark).catch(() => {});
        await this.#conversation.end();
        this.append(this.#startAgain());
      } catch {
        this.#trouble(TEXT.failed, false);
      }
    };
    this.#ask(TEXT.endAsk, TEXT.end, end, marks);
  }

  #startAgain() {
    const again = () => {
      this.#part.input.focus();
      this.#conversation.renew();
    };
    return h('div', { class: 'pen-item pen-note' }, h('button', { type: 'button', onclick: again }, TEXT.newChat));
  }

  /** @param {string} id @param {string} value */
  async #rate(id, value) {
    try {
      await this.#conversation.server.rate(id, value);
      this.#status(TEXT.rated);
    } catch (error) {
      this.#trouble(error instanceof Refusal ? error.message : TEXT.failedOpen, false);
      throw error;
    }
  }

  // --- files ---

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    for (const file of files) this.#upload(file);
  }

  /** @param {DragEvent} event @param {boolean} over */
  #drag(event, over) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#part.panel.classList.toggle('drop', over);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.#drag(event, false);
    for (const file of event.dataTransfer?.files ?? []) this.#upload(file);
  }

  /** @param {File} file */
  async #upload(file) {
    if (file.size > LARGEST_FILE) return this.#trouble(fill(TEXT.attachTooBig, { name: file.name }), false);
    this.#trouble('', false);
    const bar = h('progress', { max: 1, value: 0, id: `up-${Math.random().toString(36).slice(2)}` });
    const control = new AbortController();
    const row = h(
      'div',
      { class: 'upload' },
      h('label', { for: bar.id }, fill(TEXT.attaching, { name: file.name })),
      bar,
      h('button', { type: 'button', onclick: () => control.abort() }, TEXT.cancel),
    );
    this.#part.form.before(row);
    try {
      await this.#conversation.open();
      const card = await this.#conversation.server.attach(file, (share) => (bar.value = share), control.signal);
      this.#add({ who: 'file', ...card });
      this.#status(fill(TEXT.attached, { name: card.name, size: size(card.size) }));
    } catch (error) {
      if (!control.signal.aborted) this.#failedUpload(file, error);
    }
    if (row.contains(this.shadowRoot?.activeElement ?? null)) this.#part.input.focus();
    row.remove();
  }

  /** @param {File} file @param {unknown} error */
  #failedUpload(file, error) {
    const sentence = error instanceof Refusal ? error.message : TEXT.failedOpen;
    this.#trouble(sentence, false);
    if (sentence !== TEXT.failedOpen) return;
    const again = () => (this.#part.input.focus(), this.#upload(file));
    this.#part.trouble.append(h('button', { type: 'button', onclick: again }, TEXT.retry));
  }

  /** @param {string} id @param {string} name */
  async #remove(id, name) {
    try {
      await this.#conversation.server.detach(id);
    } catch (error) {
      if (!(error instanceof Refusal)) return this.#trouble(TEXT.failedOpen, false);
    }
    this.#part.input.focus();
    this.#discard(`file-${id}`);
    this.#status(`${TEXT.removed} ${name}`);
  }

  // --- small things ---

  /** @param {string} key */
  #discard(key) {
    this.#items.get(key)?.node.remove();
    this.#items.delete(key);
  }

  /** Only what the last message offers can be pressed; only what no ticket took along can be removed. */
  #retire() {
    const nodes = [...this.#items.values()].map(({ node }) => node);
    const ordered = nodes.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    const last = ordered.findLastIndex((node) => node.classList.contains('pen-user'));
    for (const node of ordered.slice(0, last + 1)) retire(node);
    const ticket = ordered.findLastIndex((node) => node.querySelector('.pen-done'));
    for (const node of ordered.slice(0, ticket + 1)) sent(node);
    const suggestions = this.#part.welcome.querySelector('.choices');
    if (last >= 0) suggestions?.remove();
  }

  /** @param {Item} item */
  #news(item) {
    const { news, panel, badge } = this.#part;
    const said = h('p', {}, spoken(item));
    news.append(said);
    setTimeout(() => said.remove(), SPOKEN_FOR);
    if (!panel.hidden) return;
    this.#unread += 1;
    const words = this.#unread === 1 ? TEXT.unreadOne : fill(TEXT.unreadMany, { n: this.#unread });
    badge.replaceChildren(h('span', { 'aria-hidden': 'true' }, String(this.#unread)), h('span', { class: 'sr' }, words));
    badge.hidden = false;
    this.#status(words);
  }

  /** The end, but not past what was sent last, and the beginning of its answer: long ones are read from their top. */
  #scroll() {
    const { log, typing } = this.#part;
    const last = [...this.children].findLast((node) => node.matches('.pen-user, .pen-file'));
    if (!last) {
      log.scrollTop = this.childElementCount ? log.scrollHeight : 0;
      return;
    }
    /** @param {Element} node */
    const top = (node) => node.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - 8;
    const answer = last.nextElementSibling ?? (typing.hidden ? last : typing);
    log.scrollTop = Math.max(top(last), top(answer) - log.clientHeight / 3);
  }

  #line() {
    const { banner } = this.#part;
    banner.hidden = navigator.onLine;
    banner.textContent = navigator.onLine ? '' : TEXT.offline;
    if (navigator.onLine && this.#store.own.queue.length && !this.#part.trouble.hidden) this.#conversation.retry();
  }
}

/** The fixed parts of the panel. */
function parts() {
  const badge = h('span', { class: 'badge', hidden: true });
  const launch = h('button', { class: 'launch primary', type: 'button', 'aria-haspopup': 'dialog' }, icon('chat'), TEXT.open, badge);
  const menu = h('div', { id: 'menu', class: 'menu', role: 'group', 'aria-label': TEXT.menu, hidden: true });
  const menuButton = h(
    'button',
    { class: 'icon', type: 'button', 'aria-label': TEXT.menu, title: TEXT.menu, 'aria-expanded': 'false', 'aria-controls': 'menu' },
    icon('menu'),
  );
  const minimise = h(
    'button',
    { class: 'icon minimise', type: 'button', 'aria-label': TEXT.close, title: TEXT.close },
    icon('minimise'),
  );
  const banner = h('p', { class: 'banner', role: 'status', hidden: true });
  const welcome = h('section', { class: 'welcome', 'aria-label': TEXT.welcome, hidden: true });
  const typing = h('div', { class: 'typing', 'aria-hidden': 'true', hidden: true }, h('i'), h('i'), h('i'), TEXT.typing);
  const log = h('div', { class: 'log', role: 'region', 'aria-label': TEXT.log, tabindex: 0 }, welcome, h('slot'), typing);
  const news = h('div', { class: 'sr', role: 'log', 'aria-live': 'polite', 'aria-label': TEXT.newMessages });
  const status = h('div', { class: 'sr', role: 'status' });
  const trouble = h('div', { class: 'trouble', role: 'alert', hidden: true });
  const ask = h('div', { class: 'ask', role: 'alertdialog', 'aria-labelledby': 'question', hidden: true });
  const input = h('textarea', { id: 'input', rows: 1, autocomplete: 'off', enterkeyhint: 'send', 'aria-describedby': 'count' });
  const count = h('p', { id: 'count', class: 'count', hidden: true });
  const file = h('input', { type: 'file', accept: TYPES, multiple: true, hidden: true });
  const attach = h('button', { class: 'icon', type: 'button', 'aria-label': TEXT.attach, title: TEXT.attach }, icon('attach'));
  const form = h(
    'form',
    { novalidate: true },
    h('label', { for: 'input' }, TEXT.message),
    input,
    file,
    attach,
    h('button', { class: 'primary', type: 'submit' }, TEXT.send),
    count,
  );
  const panel = h(
    'section',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
    h('div', { class: 'head' }, h('h2', { id: 'title' }, TEXT.title), menuButton, minimise),
    menu,
    banner,
    log,
    news,
    status,
    trouble,
    ask,
    form,
  );
  return { badge, launch, menu, menuButton, minimise, banner, welcome, typing, log, news, status, trouble, ask, input, count, file, attach, form, panel };
}
