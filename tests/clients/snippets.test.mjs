// The guides' programs in Python (requests) and for curl.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { probe } from './mp4.mjs';
import { startReceiver, startServer } from './server.mjs';

let server, pictures;
before(async () => {
  server = await startServer();
  pictures = await startReceiver();
});
after(async () => {
  pictures.stop();
  await server.stop();
});

const run = (program, arguments_, environment) => promisify(execFile)(program, arguments_, {
  env: { PATH: process.env.PATH, KEY: server.key, PICTURE: pictures.url, ...environment },
  encoding: 'buffer', maxBuffer: 100 << 20,
});
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

test('Venice in Python', async () => {
  const { stdout } = await run('python3', [here('venice_snippet.py')], { BASE: `${server.url}/api/v1` });
  const facts = probe(stdout);
  assert.deepEqual([facts.width, facts.height, facts.seconds, facts.audio], [1280, 720, 3, true]);
});

test('Pictory in Python', async () => {
  const { stdout } = await run('python3', [here('pictory_snippet.py')], { BASE: `${server.url}/pictoryapis` });
  const text = stdout.toString();
  assert.match(text, /Duration: 5s/);
  assert.match(text, /Dimensions: 720 x 1280/);
  assert.match(text, /AI Credits Used: \d/);
  const url = /Video URL: (\S+)/.exec(text)[1];
  assert.equal(probe(await (await fetch(url)).arrayBuffer()).height, 1280);
});

test('Venice with curl', async () => {
  const script = `curl -sS $BASE/video/queue \\
    -H "Authorization: Bearer $KEY" \\
    -H "Content-Type: application/json" \\
    -d '{
      "model": "grok-imagine-reference-to-video",
      "prompt": "@Image1 and @Image2 walking through a park, cinematic tracking shot",
      "duration": "5",
      "aspect_ratio": "16:9",
      "referenceImageUrls": ["${pictures.url}/mira.png", "${pictures.url}/robot.png"]
    }'`;
  const environment = { BASE: `${server.url}/api/v1` };
  const { id } = JSON.parse((await run('bash', ['-c', script], environment)).stdout);
  const retrieve = `curl -sS $BASE/video/retrieve -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
    -d '{"model": "grok-imagine-reference-to-video", "queue_id": "${id}"}'`;
  let answer;
  do answer = (await run('bash', ['-c', retrieve], environment)).stdout; while (answer[0] === '{'.charCodeAt(0));
  const facts = probe(answer);
  assert.deepEqual([facts.width, facts.height, facts.seconds], [854, 480, 5]);
});
