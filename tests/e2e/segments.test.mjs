// SPDX-License-Identifier: Apache-2.0
// How many segments a text has, against Twilio's own calculator: a thousand random bodies.
//
// The calculator keeps the characters that a reader sees as one together, also where GSM 03.40 does
// not: so there are no joined emoji and no combining marks among them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import calculator from 'sms-segments-calculator';
import twilio from 'twilio';
import { startTwindow } from './lib/processes.mjs';
import { clientOf, newAccount } from './lib/twilio_client.mjs';

const { SegmentedMessage } = calculator;
const bodies = 1000;
const atOnce = 20;

// xorshift32: the same bodies in every run.
let state = 63016;
function below(bound) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % bound;
}

const alphabets = [
  [...'abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,;:!?'],
  [...'@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¡ÄÖÑÜ§¿äöñüà'],
  [...'^{}\\[~]|€'],
  [...'“”‘’–—…«»áíóúçž日本語жщ'],
  ['😀', '🎉', '🚀', '𝒳'],
];

function randomBody() {
  const used = alphabets.filter((_, i) => i === 0 || below(3) === 0);
  const length = 1 + below([40, 200, 800][below(3)]);
  let body = '';
  for (let i = 0; i < length; i += 1) {
    const alphabet = below(4) === 0 ? used[below(used.length)] : used[0];
    body += alphabet[below(alphabet.length)];
  }
  // Blanks at the ends are a text's own, and a text of blanks is none.
  return `x${body}`;
}

let server;
before(async () => {
  server = await startTwindow('--clock', 'manual');
});
after(() => server.stop());

for (const smartEncoded of [false, true]) {
  test(`segments, ${smartEncoded ? 'with' : 'without'} smart encoding`, async () => {
    const client = clientOf(twilio, server, newAccount());
    const ask = async () => {
      const body = randomBody();
      const made = await client.messages.create({
        to: '+15558675310',
        from: '+14155550100',
        body,
        smartEncoded,
      });
      const { segmentsCount } = new SegmentedMessage(body, 'auto', smartEncoded);
      assert.equal(made.numSegments, String(segmentsCount), JSON.stringify(body));
    };
    for (let done = 0; done < bodies / 2; done += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, ask));
    }
  });
}
