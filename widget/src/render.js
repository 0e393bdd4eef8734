// @ts-check
/** An item of the conversation as nodes. They stand in the page's own tree, where page readers like VLibras find them. */
import { download, h, icon } from './dom.js';
import { reminder } from './ics.js';
import { link, markdown, plain, safeTarget } from './markdown.js';
import { STATUS, TEXT, fill } from './strings.js';

/** @import { BotMessage, Custom, Item } from './server.js' */

/**
 * What the nodes can do.
 * @typedef {object} Actions
 * @property {(title: string, payload: string, event: MouseEvent) => void} press
 * @property {(id: string, value: string) => Promise<void>} rate
 * @property {(text: string) => void} status
 * @property {(id: string, name: string) => void} remove
 */

/** @param {Item} item */
export function keyOf(item) {
  return item.who === 'user' ? `user-${item.number}` : `${item.who}-${item.id}`;
}

/** @param {Item} item @param {Actions} actions @returns {HTMLElement} */
export function render(item, actions) {
  const node = h('div', { class: `pen-item pen-${item.who}` });
  if (item.who === 'user') node.append(said(TEXT.youSaid), h('p', {}, item.text));
  else if (item.who === 'file') node.append(...file(item, actions));
  else node.append(said(TEXT.botSaid), ...bot(item, actions));
  return node;
}

/** What is heard of an item, and what stands in the transcript. @param {Item} item */
export function spoken(item) {
  if (item.who === 'user') return item.text;
  if (item.who === 'file') return fill(TEXT.attached, { name: item.name, size: size(item.size) });
  const { buttons = [], custom } = item;
  const text = custom?.brief ?? item.text ?? '';
  const parts = [plain(text)];
  for (const field of custom?.fields ?? []) parts.push(`${field.label}: ${field.value || TEXT.empty}.`);
  if (custom?.protocol && !text.includes(custom.protocol)) parts.push(`${TEXT.protocol}: ${custom.protocol}.`);
  if (custom?.source) parts.push(`${TEXT.source} ${custom.source}`);
  if (buttons.length) parts.push(fill(TEXT.optionsSpoken, { list: buttons.map(({ title }) => title).join(', ') }));
  return parts.filter(Boolean).join('\n');
}

/** A ticket took the files along: they can be removed no more. @param {HTMLElement} node */
export function sent(node) {
  node.querySelector('.pen-remove')?.remove();
}

/** What only the last message offers. @param {HTMLElement} node */
export function retire(node) {
  for (const offered of node.querySelectorAll('.pen-replies, .pen-change')) offered.remove();
}

/** @param {number} bytes */
export function size(bytes) {
  const [amount, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), 'kB'] : [bytes / 1e6, 'MB'];
  return `${amount.toLocaleString('pt-BR', { maximumFractionDigits: 1 })} ${unit}`;
}

/** @param {string} text */
const said = (text) => h('span', { class: 'pen-sr' }, `${text} `);

/** @param {BotMessage} message @param {Actions} actions */
function* bot({ id, text, buttons, custom }, actions) {
  const shown = custom?.brief ?? text;
  if (shown) yield h('div', { class: 'pen-text' }, markdown(shown));
  if (custom) yield* CARDS[custom.type]?.(custom, actions) ?? [];
  if (custom?.type === 'answer') yield helped(id, actions);
  if (buttons?.length) yield replies(buttons, actions);
}

/** @type {Record<string, (custom: Custom, actions: Actions) => Iterable<Node>>} */
const CARDS = {
  answer: function* ({ source }) {
    if (source) yield h('p', { class: 'pen-source' }, `${TEXT.source} `, safeTarget(source) ? link(source) : source);
  },
  ticket_draft: function* ({ fields }, actions) {
    if (!fields?.length) return;
    const lines = fields.map(({ label, value, change }) => {
      const line = h('div', {}, h('dt', {}, label), h('dd', {}, value || TEXT.empty));
      const title = fill(TEXT.changeOf, { label });
      if (change)
        line.append(
          h(
            'dd',
            { class: 'pen-change' },
            h(
              'button',
              { type: 'button', 'aria-label': title, onclick: (event) => actions.press(title, change, event) },
              TEXT.change,
            ),
          ),
        );
      return line;
    });
    yield h('div', { class: 'pen-card' }, h('h3', {}, TEXT.draftTitle), h('dl', {}, ...lines));
  },
  ticket_created: function* ({ protocol = '', deadlines = [] }, actions) {
    const card = h('div', { class: 'pen-card pen-done' }, h('p', {}, `${TEXT.protocol}: `, h('strong', {}, protocol)));
    card.append(
      h('button', { type: 'button', onclick: () => copy(protocol).then(() => actions.status(TEXT.copied)) }, TEXT.copy),
    );
    for (const deadline of deadlines) {
      if (Number.isNaN(Date.parse(deadline.at))) continue;
      const what = `${deadline.label}: ${when(deadline.at)}`;
      const label = fill(TEXT.reminderOf, { label: what });
      const save = () => download(`chamado-${protocol}.ics`, 'text/calendar', reminder(protocol, deadline));
      card.append(h('p', {}, what), h('button', { type: 'button', 'aria-label': label, onclick: save }, TEXT.reminder));
    }
    yield card;
  },
  ticket_status: function* ({ protocol, status }) {
    if (!protocol) return;
    const card = h('div', { class: 'pen-card' }, h('p', {}, `${TEXT.protocol}: `, h('strong', {}, protocol)));
    if (status) card.append(h('p', {}, `${TEXT.status}: ${STATUS[status] ?? status}`));
    yield card;
  },
};

/** @param {{title: string, payload: string}[]} buttons @param {Actions} actions */
function replies(buttons, actions) {
  return h(
    'div',
    { class: 'pen-replies', role: 'group', 'aria-label': TEXT.options },
    ...buttons.map(({ title, payload }) =>
      h('button', { type: 'button', onclick: (event) => actions.press(title, payload, event) }, title),
    ),
  );
}

/** @param {string} id @param {Actions} actions */
function helped(id, actions) {
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  /** @param {'up' | 'down'} value @param {string} label */
  const thumb = (value, label) => {
    const rate = async () => {
      await actions.rate(id, value);
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
    };
    const button = h('button', { type: 'button', 'aria-pressed': 'false', onclick: rate }, icon(value), label);
    buttons.push(button);
    return button;
  };
  const group = h('div', { class: 'pen-helped', role: 'group', 'aria-label': TEXT.helped }, h('span', {}, TEXT.helped));
  group.append(thumb('up', TEXT.yes), thumb('down', TEXT.no));
  return group;
}

/** @param {import('./server.js').FileCard} card @param {Actions} actions */
function* file({ id, name, size: bytes }, actions) {
  yield h('span', {}, fill(TEXT.attached, { name, size: size(bytes) }));
  const label = fill(TEXT.removeOf, { name });
  const remove = () => actions.remove(id, name);
  yield h('button', { type: 'button', class: 'pen-remove', 'aria-label': label, onclick: remove }, TEXT.remove);
}

/** @param {string} at */
function when(at) {
  return new Date(at).toLocaleString('pt-BR', { dateStyle: 'short', timeStyle: 'short', timeZone: 'America/Sao_Paulo' });
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const box = h('textarea', { 'aria-hidden': 'true' });
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand('copy'); // where the page may not use the clipboard
    box.remove();
    focused?.focus();
  }
}
