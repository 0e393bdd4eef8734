// @ts-check
/**
 * One tag embeds the chat:
 *   <script type="module" src="https://…/widget.js" data-theme="claro"></script>
 * The server is where this file comes from, or data-server. A page that places <pen-chat> itself gets no second one.
 */
import { PenChat } from './pen-chat.js';

const tag = [...document.scripts].find((script) => script.src === import.meta.url);
PenChat.server = new URL(tag?.dataset.server ?? import.meta.url, document.baseURI).origin;

function place() {
  if (document.querySelector('pen-chat')) return;
  const chat = document.createElement('pen-chat');
  if (tag?.dataset.theme) chat.setAttribute('theme', tag.dataset.theme);
  document.body.append(chat);
}

if (!customElements.get('pen-chat')) customElements.define('pen-chat', PenChat);
place();
