// @ts-check
/**
 * The look: values of the Padrão Digital de Governo (@govbr-ds/core, MIT), only those used. All lengths are in em of
 * the element's own size, which follows the reader's setting and never falls under 16 px, whatever the page does.
 */

const LIGHT = `
--pen-ground:#fff;--pen-text:#333;--pen-soft:#636363;--pen-line:#888;--pen-primary:#1351b4;--pen-on-primary:#fff;--pen-primary-dark:#0c326f;
--pen-hover:#dbe8fb;--pen-bot:#f0f0f0;--pen-user:#dbe8fb;--pen-on-user:#071d41;--pen-head:#1351b4;--pen-danger:#b50909;--pen-done:#168821;--pen-focus:#c2850c;`;
const DARK = `
--pen-ground:#071d41;--pen-text:#fff;--pen-soft:#d5dcea;--pen-line:#8fa3c4;--pen-primary:#c5d4eb;--pen-on-primary:#071d41;--pen-primary-dark:#fff;
--pen-hover:#0c326f;--pen-bot:#14305f;--pen-user:#c5d4eb;--pen-on-user:#071d41;--pen-head:#0c326f;--pen-danger:#ffb3a7;--pen-done:#7fd68a;--pen-focus:#e2a13a;`;

/** @param {string} css */
const important = (css) => css.replaceAll(';', '!important;');

/** The panel around the conversation: in the shadow tree, where the page's styles do not reach; they reach its host. */
export const CHROME = `
:host{${LIGHT}${important(`all:initial;display:block;position:fixed;inset:var(--pen-inset,auto 1em 1em auto);z-index:2147483000;color-scheme:light;
font:max(1rem,16px)/1.45 Rawline,Raleway,system-ui,sans-serif;color:var(--pen-text);text-align:start;`)}}
:host([theme=escuro]){${DARK}color-scheme:dark!important}
@media (prefers-color-scheme:dark){:host(:not([theme=claro])){${DARK}color-scheme:dark!important}}
:host([hidden]){display:none!important}
*{box-sizing:border-box}
[hidden]{display:none!important}
.sr{position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:pre}
button,textarea,input{font:inherit;color:inherit;letter-spacing:inherit}
button{min-height:max(2.75em,44px);min-width:max(2.75em,44px);border:1px solid var(--pen-primary);border-radius:100em;background:var(--pen-ground);color:var(--pen-primary);padding:.4em 1em;font-weight:600;cursor:pointer}
button:hover{background:var(--pen-hover)}
.primary{background:var(--pen-primary);color:var(--pen-on-primary)}
.primary:hover{background:var(--pen-primary-dark)}
.icon{padding:.4em;border-color:transparent;background:transparent;display:inline-grid;place-items:center}
:focus-visible{outline:4px dashed var(--pen-focus);outline-offset:2px}
svg{width:1.5em;height:1.5em;fill:currentColor;display:block}
.launch{display:flex;gap:.5em;align-items:center;min-height:3em;box-shadow:0 2px 8px rgb(0 0 0/.3)}
.badge{background:var(--pen-on-primary);color:var(--pen-primary);border-radius:1em;min-width:1.6em;padding:0 .45em;text-align:center}
.panel{position:fixed;right:1em;bottom:1em;width:min(26em,calc(100vw - 2em));height:min(42em,calc(100dvh - 2em));display:flex;flex-direction:column;
background:var(--pen-ground);border:1px solid var(--pen-line);border-radius:8px;box-shadow:0 6px 24px rgb(0 0 0/.3);overflow:hidden;animation:pen-rise .18s ease-out}
@keyframes pen-rise{from{transform:translateY(12px);opacity:0}}
:host([page]) .panel{inset:0;width:auto;height:auto;border:0;border-radius:0;box-shadow:none;animation:none}
:host([page]) .launch,:host([page]) .minimise{display:none}
.head{flex:none;display:flex;align-items:center;gap:.25em;padding:.25em .25em .25em 1em;background:var(--pen-head);color:#fff}
.head h2{flex:1;min-width:0;margin:0;font-size:1.05em;overflow-wrap:anywhere}
.head button{color:inherit}
.head button:hover{background:rgb(255 255 255/.2)}
.head :focus-visible{outline-color:#fff;outline-offset:-4px}
.menu{flex:none;display:flex;flex-wrap:wrap;gap:.5em;padding:.6em;border-bottom:1px solid var(--pen-line);max-height:45%;overflow:auto}
.banner{flex:none;margin:0;padding:.5em 1em;border-bottom:2px solid var(--pen-danger)}
.log{position:relative;flex:1 1 auto;min-height:5em;overflow:auto;overscroll-behavior:contain;padding:1em;display:flex;flex-direction:column;gap:.75em;overflow-wrap:anywhere;scroll-behavior:smooth;scroll-padding:.75em}
.log:focus-visible{outline-offset:-4px}
.welcome{border-inline-start:4px solid var(--pen-primary);padding:0 0 0 .75em}
.welcome p{margin:0 0 .5em}
.welcome ul{margin:0 0 .5em;padding-left:1.4em}
.welcome a{color:var(--pen-primary)}
summary{min-height:max(2.75em,44px);padding:.6em 0;cursor:pointer;color:var(--pen-primary);font-weight:600}
.choices{display:flex;flex-wrap:wrap;gap:.5em}
.choices button{border-radius:1.4em;text-align:start}
.typing{align-self:flex-start;display:flex;align-items:center;gap:.5em;padding:.6em .75em;background:var(--pen-bot);border-radius:8px;color:var(--pen-soft)}
.typing i{width:.5em;height:.5em;border-radius:50%;background:currentColor;animation:pen-blink 1.2s infinite}
.typing i:nth-child(2){animation-delay:.2s}.typing i:nth-child(3){animation-delay:.4s}
@keyframes pen-blink{30%{opacity:.25}}
.ask,.trouble,.upload{flex:none;margin:0;padding:.6em 1em;border-top:2px solid var(--pen-line)}
.trouble{border-color:var(--pen-danger)}
.ask{max-height:70%;overflow:auto}
.ask p,.trouble p{margin:0 0 .5em}
.ask fieldset{border:0;margin:0 0 .5em;padding:0}
.ask label{display:flex;align-items:center;gap:.5em;min-height:max(2.75em,44px)}
.ask input{width:1.5em;height:1.5em;accent-color:var(--pen-primary)}
.upload{display:flex;flex-wrap:wrap;align-items:center;gap:.5em}
.upload label{flex:1 1 100%}
progress{flex:1;accent-color:var(--pen-primary)}
form{flex:none;display:flex;flex-wrap:wrap;align-items:flex-end;gap:.5em;margin:0;padding:.6em;border-top:1px solid var(--pen-line)}
form>label{flex-basis:100%;font-size:.9em;font-weight:600}
textarea{flex:1 1 8em;min-width:0;min-height:max(2.75em,44px);max-height:8em;resize:none;field-sizing:content;border:1px solid var(--pen-line);border-radius:4px;padding:.55em .6em;background:var(--pen-ground)}
textarea[aria-invalid=true]{border:2px solid var(--pen-danger)}
.count{flex-basis:100%;margin:0;font-size:.9em;color:var(--pen-soft)}
.over{color:var(--pen-danger)}
.drop{outline:4px dashed var(--pen-primary);outline-offset:-8px}
@media (max-width:30em),(max-height:26em){.panel{inset:0;width:auto;height:auto;border:0;border-radius:0}.log{padding:.6em}}
@media (max-height:22em){.panel{overflow:auto}.log{min-height:6em;padding:.4em;gap:.4em}form{padding:.3em}form>label{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.head{padding-block:0}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important;scroll-behavior:auto!important}}
@media (forced-colors:active){.launch,.panel,.typing,button{border:1px solid ButtonText}.head{border-bottom:1px solid CanvasText}
.badge{border:1px solid ButtonText}.typing i{background:CanvasText;forced-color-adjust:none}:focus-visible{outline-color:Highlight!important}.over{font-weight:700}}
@media print{:host{display:none}}
`;

/**
 * The messages stand in the page's tree. Each rule is important, and in a layer: so it wins over the page's rules,
 * important ones too, unless they are in a layer that the page declared before.
 */
const MESSAGES = `
pen-chat>.pen-item,pen-chat>.pen-item *:not(svg,svg *){all:revert;box-sizing:border-box;}
pen-chat>.pen-item{display:block;max-width:90%;padding:.5em .75em;border-radius:8px;border:1px solid transparent;}
pen-chat>.pen-bot{align-self:flex-start;background:var(--pen-bot);border-top-left-radius:0;}
pen-chat>.pen-user{align-self:flex-end;background:var(--pen-user);color:var(--pen-on-user);border-top-right-radius:0;}
pen-chat>.pen-user p{white-space:pre-wrap;}
pen-chat>.pen-file,pen-chat>.pen-note{align-self:center;display:flex;flex-wrap:wrap;align-items:center;gap:.5em;font-size:.9em;color:var(--pen-soft);}
pen-chat .pen-item .pen-sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;}
pen-chat .pen-item p,pen-chat .pen-item ul,pen-chat .pen-item ol,pen-chat .pen-item dl{margin:0 0 .5em;}
pen-chat .pen-item ul,pen-chat .pen-item ol{padding-left:1.4em;}
pen-chat .pen-item h3{margin:0 0 .5em;font-size:1em;}
pen-chat .pen-text>:last-child,pen-chat .pen-card>:last-child,pen-chat .pen-user p{margin-bottom:0;}
pen-chat .pen-card strong{display:inline-block;}
pen-chat .pen-item a{color:var(--pen-primary);text-decoration:underline;}
pen-chat .pen-item code{font-family:monospace;border:1px solid var(--pen-line);border-radius:4px;padding:0 .2em;}
pen-chat .pen-item .pen-source{margin:.5em 0 0;font-size:.9em;color:var(--pen-soft);}
pen-chat .pen-item .pen-card{margin:.5em 0 0;padding:.75em;border:1px solid var(--pen-line);border-radius:8px;background:var(--pen-ground);}
pen-chat .pen-item .pen-done{border:2px solid var(--pen-done);display:flex;flex-direction:column;align-items:flex-start;gap:.5em;}
pen-chat .pen-item dl>div{display:flex;flex-wrap:wrap;align-items:center;gap:0 .75em;padding:.4em 0;border-top:1px solid var(--pen-line);}
pen-chat .pen-item dt{flex:1 1 5em;font-size:.9em;color:var(--pen-soft);}
pen-chat .pen-item dd{order:1;flex:1 1 100%;min-width:0;margin:0;white-space:pre-wrap;}
pen-chat .pen-item .pen-change{order:0;flex:none;}
pen-chat .pen-item button{font:inherit;font-weight:600;color:var(--pen-primary);background:var(--pen-ground);border:1px solid var(--pen-primary);border-radius:1.4em;min-height:max(2.75em,44px);min-width:max(2.75em,44px);padding:.4em 1em;text-align:start;cursor:pointer;}
pen-chat .pen-item button:hover{background:var(--pen-hover);}
pen-chat .pen-item button[aria-pressed=true]{background:var(--pen-primary);color:var(--pen-on-primary);}
pen-chat .pen-item :focus-visible{outline:4px dashed var(--pen-focus);outline-offset:2px;}
pen-chat .pen-item .pen-replies{display:flex;flex-wrap:wrap;gap:.5em;margin:.75em 0 .25em;}
pen-chat .pen-item .pen-helped{display:flex;flex-wrap:wrap;align-items:center;gap:.25em .5em;margin:.5em 0 0;font-size:.9em;color:var(--pen-soft);}
pen-chat .pen-item .pen-helped button{display:inline-flex;align-items:center;gap:.35em;border-color:transparent;background:transparent;padding:.4em .6em;}
pen-chat .pen-item .pen-helped button[aria-pressed=true]{border-color:var(--pen-primary);background:var(--pen-ground);color:var(--pen-primary);text-decoration:underline;}
pen-chat .pen-item svg{width:1.3em;height:1.3em;fill:currentColor;}
`;
const MESSAGES_FORCED = `
pen-chat>.pen-item,pen-chat .pen-item button{border:1px solid CanvasText;}
pen-chat>.pen-user{border-style:dashed;}
pen-chat .pen-item button{border-color:ButtonText;}
pen-chat .pen-item button[aria-pressed=true]{outline:2px solid Highlight;}
pen-chat .pen-item :focus-visible{outline:4px dashed Highlight;}
`;

export const PAGE = `@layer pen-chat{${important(MESSAGES)}@media (forced-colors:active){${important(MESSAGES_FORCED)}}}`;

/** @param {string} css */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
