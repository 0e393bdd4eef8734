// @ts-check
/** A reminder for the calendar (RFC 5545). */

/** @param {string} text */
const escaped = (text) => text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');

/** @param {Date} date */
const stamp = (date) => date.toISOString().replace(/[-:]|\.\d+/g, '');

/** Lines of at most 75 octets. @param {string} line */
function folded(line) {
  const pieces = [];
  let piece = '';
  for (const sign of line) {
    if (new TextEncoder().encode(piece + sign).length > 73) {
      pieces.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...pieces, piece].join('\r\n ');
}

/** @param {string} protocol @param {{label: string, at: string}} deadline */
export function reminder(protocol, { label, at }) {
  const end = new Date(at);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//PEN//Atendimento virtual//PT',
    'BEGIN:VEVENT',
    `UID:${encodeURIComponent(protocol)}-${stamp(end)}@pen-chat`,
    `DTSTAMP:${stamp(new Date())}`,
    `DTSTART:${stamp(end)}`,
    `SUMMARY:${escaped(`${label}: chamado ${protocol}`)}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(label)}`,
    'TRIGGER:-PT4H',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n');
}
