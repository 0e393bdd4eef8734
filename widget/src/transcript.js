// @ts-check
/** The conversation as plain text, and on paper. */
import { h } from './dom.js';
import { spoken } from './render.js';
import { TEXT } from './strings.js';

/** @import { Item } from './server.js' */

/** @param {Item} item */
const line = (item) => `${item.who === 'user' ? TEXT.youSaid : item.who === 'bot' ? TEXT.botSaid : '—'}\n${spoken(item)}\n`;

/** @param {Item[]} items */
export function asText(items) {
  return `${TEXT.title}, ${new Date().toLocaleString('pt-BR')}\n\n${items.map(line).join('\n')}`;
}

/** Prints in a frame of its own: the page around is not printed. @param {Item[]} items */
export function print(items) {
  document.querySelector('iframe[data-pen-print]')?.remove();
  const frame = h('iframe', { title: TEXT.print, 'aria-hidden': 'true', tabindex: -1, 'data-pen-print': true });
  Object.assign(frame.style, { position: 'fixed', right: '100%', border: '0' }); // hidden, it would print nothing
  document.body.append(frame);
  const view = /** @type {(Window & typeof globalThis) | null} */ (frame.contentWindow);
  if (!view) return frame.remove();
  const page = view.document;
  const style = new view.CSSStyleSheet();
  style.replaceSync('pre{white-space:pre-wrap;font:12pt/1.4 sans-serif}');
  page.adoptedStyleSheets = [style];
  page.documentElement.lang = 'pt-BR';
  page.title = TEXT.title;
  page.body.append(h('pre', {}, asText(items)));
  view.addEventListener('afterprint', () => frame.remove());
  view.print();
}
