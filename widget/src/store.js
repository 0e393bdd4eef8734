// @ts-check
/**
 * What is kept in the browser. For all tabs: the session's token (no text of the conversation). For this tab:
 * whether the panel is open, what was typed, what was sent and not answered yet. Where storage is barred, memory.
 */

const IDLE = 60 * 60 * 1000; // ms: on a shared computer a conversation left alone is not shown to the next person

/** @typedef {{token: string, until: number, used: number, turn: number}} Shared */
/** @typedef {{number: number, text?: string, payload?: string, title: string}} Entry */
/** @typedef {{open: boolean, draft: string, queue: Entry[]}} Own */

export class Store {
  /** @param {string} server */
  constructor(server) {
    this.key = `pen-chat:${server}`;
    /** @type {Shared | null} */
    this.memory = null;
    /** @type {Own} */
    this.own = { open: false, draft: '', queue: [], ...read(() => sessionStorage, this.key) };
  }

  /** @returns {Shared | null} */
  get shared() {
    const shared = /** @type {Shared | null} */ (read(() => localStorage, this.key)) ?? this.memory;
    const now = Date.now();
    return shared && now < shared.until && now - shared.used < IDLE ? shared : null;
  }

  /** @param {Shared | null} shared */
  set shared(shared) {
    this.memory = shared;
    write(() => localStorage, this.key, shared);
  }

  /** The session was used just now; other tabs hear of it. */
  touch() {
    const shared = this.shared;
    if (shared) this.shared = { ...shared, used: Date.now(), turn: shared.turn + 1 };
  }

  save() {
    write(() => sessionStorage, this.key, this.own);
  }

  /** Calls back when another tab used, ended or changed the session. @param {() => void} changed */
  watch(changed) {
    const listener = (/** @type {StorageEvent} */ event) => {
      if (event.key === this.key || event.key === null) changed();
    };
    addEventListener('storage', listener);
    return () => removeEventListener('storage', listener);
  }
}

/** @param {() => Storage} storage @param {string} key */
function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {() => Storage} storage @param {string} key @param {unknown} value */
function write(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, JSON.stringify(value));
  } catch {
    // barred or full: the conversation still works in this page
  }
}
