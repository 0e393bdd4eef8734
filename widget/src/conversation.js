// @ts-check
/**
 * The conversation without its looks: session, queue of what is to be sent, sending again until it is answered.
 *
 * A message keeps its number until it is answered; the server gives the stored answer to a number it knows. So a
 * message is sent again after a cut, a reload or a restart of the server, and is neither lost nor said twice.
 */
import { Refusal, Server } from './server.js';
import { Store } from './store.js';
import { TEXT } from './strings.js';

/** @import { Item, Welcome } from './server.js' */
/** @import { Entry } from './store.js' */

const WAITS = [500, 1000, 2000, 4000, 8000, 8000]; // ms between two tries; a restart of the server takes 15 s

/**
 * Who shows it.
 * @typedef {object} View
 * @property {(welcome: Welcome) => void} welcome
 * @property {(items: Item[], fresh: boolean) => void} merge all items, in order; `fresh`: new ones are news
 * @property {(item: Item) => void} add
 * @property {(before: number, after: number) => void} renumber
 * @property {(busy: boolean) => void} busy
 * @property {(text: string) => void} status
 * @property {(text: string, retry: boolean) => void} trouble an empty text: none any more
 * @property {(number: number, text: string) => void} giveBack a message that cannot be sent, for its writer to change
 * @property {(note: string) => void} reset nothing is shown but, if any, this note
 */

export class Conversation {
  #server;
  #store;
  #view;
  #next = 1;
  #draining = false;
  /** @type {Promise<void> | null} */
  #opening = null;

  /** @param {string} base @param {Store} store @param {View} view */
  constructor(base, store, view) {
    this.#server = new Server(base);
    this.#store = store;
    this.#view = view;
  }

  get server() {
    return this.#server;
  }

  /** For a page that was left in the middle of something. */
  resume() {
    if (this.#store.shared && (this.#store.own.open || this.#store.own.queue.length)) this.open();
  }

  /** The session that is there, or a new one; then what waits is sent. */
  open() {
    this.#opening ??= this.#open().finally(() => {
      if (!this.#server.token) this.#opening = null;
    });
    return this.#opening;
  }

  /** @param {string} text */
  say(text) {
    this.#enqueue({ text, title: text });
  }

  /** @param {string} title @param {string} payload */
  press(title, payload) {
    this.#enqueue({ payload, title });
  }

  /** What could not be sent, once more. */
  async retry() {
    this.#view.trouble('', false);
    await this.open();
    await this.#drain();
  }

  /** Another tab did something. */
  async follow() {
    if (!this.#server.token) return;
    const shared = this.#store.shared;
    if (shared?.token === this.#server.token) await this.#sync(true).catch(() => {});
    else {
      this.#forget(shared ? '' : TEXT.ended);
      if (shared) await this.open();
    }
  }

  /** A new conversation; the old one stays with the server until its time. */
  async renew() {
    this.#store.shared = null;
    this.#forget('');
    await this.open();
  }

  /** Ends and erases. Throws when the server could not be reached. */
  async end() {
    try {
      await this.#server.end();
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401)) throw error;
    }
    this.#store.shared = null;
    this.#forget(TEXT.ended);
  }

  /** @param {string} note */
  #forget(note) {
    this.#store.own.queue = [];
    this.#store.own.draft = '';
    this.#store.save();
    this.#server.token = '';
    this.#opening = null;
    this.#next = 1;
    this.#view.trouble('', false);
    this.#view.reset(note);
  }

  async #open() {
    try {
      await onlyOneTab(this.#store.key, () => this.#session());
      this.#view.trouble('', false);
    } catch (error) {
      this.#view.trouble(error instanceof Refusal ? error.message : TEXT.failedOpen, true);
      return;
    }
    for (const entry of this.#store.own.queue) this.#view.add({ who: 'user', number: entry.number, text: entry.title });
    this.#drain();
  }

  async #session() {
    const shared = this.#store.shared;
    if (shared) {
      this.#server.token = shared.token;
      try {
        await this.#sync(false);
        return;
      } catch (error) {
        this.#server.token = '';
        if (!(error instanceof Refusal && error.status === 401)) throw error;
      }
    }
    const minted = await this.#server.mint();
    this.#server.token = minted.token;
    this.#store.shared = { token: minted.token, until: Date.now() + minted.expires_in * 1000, used: Date.now(), turn: 0 };
    this.#view.welcome(minted);
    this.#next = 1;
    this.#number();
  }

  /** @param {boolean} fresh */
  async #sync(fresh) {
    const told = await this.#server.history();
    const own = this.#store.own.queue;
    this.#next = Math.max(told.next, own.length ? own[own.length - 1].number + 1 : 1);
    this.#view.welcome(told);
    this.#view.merge(told.items, fresh);
  }

  /** @param {{text?: string, payload?: string, title: string}} said */
  #enqueue(said) {
    const entry = { ...said, number: this.#next++ };
    this.#store.own.queue.push(entry);
    this.#store.save();
    this.#view.add({ who: 'user', number: entry.number, text: entry.title });
    this.#drain();
  }

  /** Numbers what waits from the next one on. */
  #number() {
    const waiting = this.#store.own.queue;
    for (const [n, entry] of [...waiting.entries()].reverse()) {
      this.#view.renumber(entry.number, this.#next + n);
      entry.number = this.#next + n;
    }
    this.#next += waiting.length;
    this.#store.save();
  }

  async #drain() {
    if (this.#draining || !this.#server.token) return;
    this.#draining = true;
    this.#view.busy(true);
    try {
      for (let entry; (entry = this.#store.own.queue[0]); ) {
        await this.#deliver(entry);
        if (this.#store.own.queue[0] !== entry) continue; // ended meanwhile
        this.#store.own.queue.shift();
        this.#store.save();
        this.#store.touch();
      }
    } catch (error) {
      this.#stuck(error);
    } finally {
      this.#draining = false;
      this.#view.busy(false);
      this.#view.status('');
    }
  }

  /** @param {unknown} error */
  #stuck(error) {
    if (error instanceof Refusal && error.status < 429) {
      const entry = this.#store.own.queue.shift();
      this.#store.save();
      if (entry) this.#view.giveBack(entry.number, entry.text ?? '');
      this.#view.trouble(error.message, this.#store.own.queue.length > 0);
    } else if (this.#store.own.queue.length) {
      this.#view.trouble(error instanceof Refusal ? error.message : TEXT.failed, true);
    }
  }

  /** Until it is answered. Throws a Refusal, or what went wrong the last time. @param {Entry} entry */
  async #deliver(entry) {
    for (let tried = 0; ; tried++) {
      try {
        if (await this.#once(entry)) return;
        tried = -1;
      } catch (error) {
        if (error instanceof Refusal && error.status === 401) await this.#again();
        else if (error instanceof Refusal || tried >= WAITS.length) throw error;
        else {
          this.#view.status(TEXT.reconnecting);
          await pause(WAITS[tried]);
        }
      }
      if (!this.#store.own.queue.includes(entry)) return;
    }
  }

  /** One try; false when the number was taken by another tab. @param {Entry} entry */
  async #once({ number, text, payload }) {
    for await (const line of this.#server.message(payload ? { number, payload } : { number, text })) {
      if (line.type === 'message') {
        this.#view.status('');
        this.#view.add({ who: 'bot', ...line });
      } else if (line.status === 'conflict') {
        this.#next = line.next ?? number + 1;
        this.#number();
        await this.#sync(true);
        return false;
      } else if (line.status === 'error') {
        throw new Refusal(503, line.erro ?? TEXT.failed);
      }
    }
    return true;
  }

  /** The session is over: a new one, and what waits goes on in it. */
  async #again() {
    this.#store.shared = null;
    this.#server.token = '';
    this.#view.reset(TEXT.expired);
    await this.#session();
    for (const entry of this.#store.own.queue) this.#view.add({ who: 'user', number: entry.number, text: entry.title });
  }
}

/** @param {string} key @param {() => Promise<void>} work */
function onlyOneTab(key, work) {
  return navigator.locks ? navigator.locks.request(key, work) : work();
}

/** Shorter if the network comes back. @param {number} time */
function pause(time) {
  return new Promise((resolve) => {
    setTimeout(resolve, time);
    addEventListener('online', resolve, { once: true });
  });
}
