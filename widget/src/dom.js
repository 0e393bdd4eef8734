// @ts-check
/** Making nodes. Text is always set as text: there is no way here from a string to an element. */

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  attach: 'M8 12V7a4 4 0 0 1 8 0v9a6 6 0 0 1-12 0V8h2v8a4 4 0 0 0 8 0V7a2 2 0 0 0-4 0v5z',
  chat: 'M4 3h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H9l-5 4v-4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z',
  down: 'M2 3h5v11H2zm20 9-3-9H9v11l4 7h1a2 2 0 0 0 2-2v-4h4a2 2 0 0 0 2-3z',
  menu: 'M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z',
  minimise: 'M5 11h14v2H5z',
  send: 'M3 20V4l19 8zm2-3 11-5L5 7v4l6 1-6 1z',
  up: 'M2 10h5v11H2zm20 2-3 9H9V10l4-7h1a2 2 0 0 1 2 2v4h4a2 2 0 0 1 2 3z',
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * An element. Of the properties, functions are listeners ('onclick'), true sets an empty attribute,
 * false and undefined set none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} [properties]
 * @param {(Node | string)[]} kids
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...kids) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...kids);
  return element;
}

/** Hands a text to the user as a file. @param {string} name @param {string} type @param {string} text */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
