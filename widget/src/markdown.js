// @ts-check
/**
 * The safe subset of Markdown that answers are written in, as nodes; the server's pages build the same.
 * Paragraphs, line breaks, lists, **bold**, `code`, [links](https://…) and bare addresses; https and mailto only.
 */
import { h } from './dom.js';
import { TEXT } from './strings.js';

const INLINE =
  /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\(([^)\s]+)\)|(https:\/\/[^\s<>"«»]*[^\s<>"«».,;:!?)\]])/;
const TARGET = /^(https:\/\/[^\s"'<>\\@]+|mailto:[\w.+-]+@[\w.-]+)$/;
const BULLET = /^\s*([-*•]|\d{1,3}[.)])\s+(.*)$/;

/** @param {string} target */
export function safeTarget(target) {
  try {
    return TARGET.test(target) && new URL(target) ? target : null;
  } catch {
    return null;
  }
}

/** A link that shows where it leads. @param {string} target @param {string} [label] @returns {Node | string} */
export function link(target, label = target) {
  const shown = label === target ? target : `${label} (${target.replace(/^mailto:/, '')})`;
  const mail = target.startsWith('mailto:');
  const anchor = h('a', { href: target, rel: 'noopener noreferrer', target: mail ? undefined : '_blank' }, shown);
  if (!mail) anchor.append(h('span', { class: 'pen-sr' }, ` ${TEXT.newWindow}`));
  return anchor;
}

/** @param {string} text @returns {(Node | string)[]} */
function inline(text) {
  const out = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    if (match.index) out.push(rest.slice(0, match.index));
    const [whole, bold, code, label, target, bare] = match;
    const safe = safeTarget(target ?? bare ?? '');
    if (bold) out.push(h('strong', {}, ...inline(bold)));
    else if (code) out.push(h('code', {}, code));
    else out.push(safe ? link(safe, label) : whole);
    rest = rest.slice(match.index + whole.length);
  }
  if (rest) out.push(rest);
  return out;
}

/** @param {string} text @returns {DocumentFragment} */
export function markdown(text) {
  const out = document.createDocumentFragment();
  let before = '';
  for (const line of text.replaceAll('\r', '').split('\n')) {
    const bullet = BULLET.exec(line);
    const tag = bullet ? (/\d/.test(bullet[1]) ? 'ol' : 'ul') : line.trim() ? 'p' : '';
    const more = tag !== '' && tag === before;
    before = tag;
    if (!tag) continue;
    if (!more) out.append(document.createElement(tag));
    if (bullet) out.lastElementChild?.append(h('li', {}, ...inline(bullet[2])));
    else out.lastElementChild?.append(...(more ? [h('br')] : []), ...inline(line));
  }
  return out;
}

/** The same text without its signs, to be heard or kept as plain text. @param {string} text */
export function plain(text) {
  return text.replace(/\*\*([^*\n]+)\*\*/g, '$1').replace(/`([^`\n]+)`/g, '$1').replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, '$1 ($2)');
}
