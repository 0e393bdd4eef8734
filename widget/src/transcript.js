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
  const frame = h('iframe', { title: TEXT.print, 'aria-hidden': 'true', tabindex: '-1', width: 0, height: 0, hidden: true });
  document.body.append(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  if (!page || !view) return frame.remove();
  page.documentElement.lang = 'pt-BR';
  page.title = TEXT.title;
  page.body.append(h('pre', {}, asText(items)));
  const style = sheetOf(view);
  page.adoptedStyleSheets = [style];
  view.addEventListener('afterprint', () => frame.remove());
  view.print();
}

/** @param {Window} view */
function sheetOf(view) {
  const style = new /** @type {any} */ (view).CSSStyleSheet();
  style.replaceSync('pre{white-space:pre-wrap;font:12pt/1.4 sans-serif}');
  return style;
}
