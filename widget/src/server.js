// @ts-check
/** The portal's channel (penbot/channel/portal.py), one method a call. */

const SILENCE = 15_000; // ms: the server beats every second

/** @typedef {{title: string, payload: string}} Reply */
/** @typedef {{id: string, label: string, value: string, change?: string}} Field */
/**
 * @typedef {{type: string, brief?: string, source?: string, protocol?: string, status?: string, fields?: Field[],
 *   deadlines?: {label: string, at: string}[]}} Custom
 */
/** @typedef {{id: string, text?: string, buttons?: Reply[], custom?: Custom}} BotMessage */
/** @typedef {{id: string, name: string, size: number}} FileCard */
/**
 * @typedef {{who: 'user', number: number, text: string, at?: number}
 *   | ({who: 'bot', at?: number} & BotMessage)
 *   | ({who: 'file', at?: number} & FileCard)} Item
 */
/** @typedef {{welcome: string, privacy: string, suggestions: string[]}} Welcome */
/** @typedef {{type: 'end', status: 'done' | 'error' | 'conflict', next?: number, erro?: string}} End */

/** The server said no, in a sentence for the user. */
export class Refusal extends Error {
  /** @param {number} status @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export class Server {
  /** @param {string} base the address of the assistant's server */
  constructor(base) {
    this.base = `${base}/webhooks/portal`;
    this.token = '';
  }

  /** @returns {Promise<Welcome & {token: string, expires_in: number}>} */
  mint() {
    return this.#json('POST', 'session');
  }

  end() {
    return this.#json('DELETE', 'session');
  }

  /** @returns {Promise<Welcome & {items: Item[], next: number}>} */
  history() {
    return this.#json('GET', 'history');
  }

  /** @param {string} subject @param {string} value */
  rate(subject, value) {
    return this.#json('POST', 'feedback', { subject, value });
  }

  /** @param {string} id */
  detach(id) {
    return this.#json('DELETE', `attachment/${id}`);
  }

  /**
   * The answers to a message as they come; the end mark last. Throws when the line is cut before it.
   * @param {{number: number, text?: string, payload?: string}} body
   * @returns {AsyncGenerator<({type: 'message'} & BotMessage) | End>}
   */
  async *message(body) {
    const control = new AbortController();
    let silence = setTimeout(() => control.abort(), SILENCE);
    try {
      const answer = await this.#call('POST', 'message', body, control.signal);
      if (!answer.body) throw new Error('no body');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let held = ''; ; ) {
        const { value, done } = await reader.read();
        if (done) throw new Error('cut before the end mark');
        clearTimeout(silence);
        silence = setTimeout(() => control.abort(), SILENCE);
        const lines = (held + value).split('\n');
        held = lines.pop() ?? '';
        for (const line of lines) {
          const told = JSON.parse(line);
          if (told.type !== 'beat') yield told;
          if (told.type === 'end') return;
        }
      }
    } finally {
      clearTimeout(silence);
      control.abort();
    }
  }

  /**
   * @param {File} file @param {(share: number) => void} progress @param {AbortSignal} signal
   * @returns {Promise<FileCard>}
   */
  attach(file, progress, signal) {
    // fetch tells no progress of what it sends
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${this.base}/attachment`);
      request.setRequestHeader('Authorization', `Bearer ${this.token}`);
      request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
      request.responseType = 'json';
      request.timeout = 120_000;
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onload = () =>
        request.status === 201
          ? resolve(request.response)
          : reject(new Refusal(request.status, request.response?.erro ?? ''));
      request.onerror = request.ontimeout = request.onabort = () => reject(new Error('not sent'));
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async #json(method, path, body) {
    const answer = await this.#call(method, path, body, AbortSignal.timeout(SILENCE));
    return answer.status === 204 ? null : answer.json();
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {AbortSignal} signal */
  async #call(method, path, body, signal) {
    const answer = await fetch(`${this.base}/${path}`, {
      method,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
      },
    });
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => null);
    if (!told?.erro) throw new Error(`http ${answer.status}`); // not our server: a proxy on the way
    throw new Refusal(answer.status, told.erro);
  }
}
