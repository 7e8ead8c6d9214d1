// The guide's own snippets, and npm `veniceai-cli`.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import axios from 'axios';
import { probe } from './mp4.mjs';
import { dataUrl, samples, startReceiver, startServer } from './server.mjs';

let server, pictures, folder;
before(async () => {
  server = await startServer();
  pictures = await startReceiver();
  folder = mkdtempSync(join(tmpdir(), 'troupe-venice-'));
});
after(async () => {
  pictures.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const headers = () => ({ Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' });
const post = (path, body) => fetch(`${server.url}/api/v1${path}`, {
  method: 'POST', headers: headers(), body: JSON.stringify(body),
});
const video = async (queue_id, model) => {
  for (;;) {
    const answer = await post('/video/retrieve', { model, queue_id });
    if (answer.headers.get('content-type') === 'video/mp4') return probe(await answer.arrayBuffer());
    const told = await answer.json();
    assert.equal(told.status, 'PROCESSING', JSON.stringify(told));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

test('Kling O3 by fetch, as the guide shows it', async () => {
  const response = await fetch(`${server.url}/api/v1/video/queue`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({
      model: 'kling-o3-pro-reference-to-video',
      prompt: '@Element1 walks through @Image1, camera tracking from behind',
      duration: '3',
      aspect_ratio: '16:9',
      audio: true,
      elements: [{
        frontal_image_url: `${pictures.url}/fox.png`,
        reference_image_urls: [`${pictures.url}/fox-side.png`, `${pictures.url}/fox-back.png`],
      }],
      image_urls: [`${pictures.url}/village.png`],
    }),
  });
  const { id: queueId } = await response.json();
  const facts = await video(queueId, 'kling-o3-pro-reference-to-video');
  assert.deepEqual([facts.width, facts.height, facts.seconds, facts.audio], [1920, 1080, 3, true]);
});

test('Grok Imagine by axios, which reads bytes', async () => {
  const model = 'grok-imagine-reference-to-video';
  const queued = await axios.post(`${server.url}/api/v1/video/queue`, {
    model, prompt: '@Image1 and @Image2 walking through a park, cinematic tracking shot', duration: '5',
    aspect_ratio: '1:1', referenceImageUrls: [dataUrl('mira.png'), dataUrl('robot.png')],
  }, { headers: headers() });
  for (;;) {
    const answer = await axios.post(`${server.url}/api/v1/video/retrieve`,
      { model, queue_id: queued.data.queue_id }, { headers: headers(), responseType: 'arraybuffer' });
    if (answer.headers['content-type'] !== 'video/mp4') continue;
    const facts = probe(answer.data);
    assert.deepEqual([facts.width, facts.height, facts.seconds, facts.audio], [480, 480, 5, false]);
    return;
  }
});

test('shots as lines of the prompt', async () => {
  const model = 'kling-o3-standard-reference-to-video';
  const answer = await post('/video/queue', {
    model, duration: '6', aspect_ratio: '9:16',
    prompt: 'Shot 1 (3s): @Element1 stands at the edge of @Image1.\n\nShot 2 (3s): Close-up of @Element1.',
    elements: [{ frontal_image_url: dataUrl('mira.png') }], scene_image_urls: [dataUrl('village.png')],
  });
  const facts = await video((await answer.json()).queue_id, model);
  assert.deepEqual([facts.width, facts.height, facts.seconds], [720, 1280, 6]);
});

test('the troubles that the guide lists', async () => {
  const many = await post('/video/queue', {
    model: 'kling-o3-pro-reference-to-video', prompt: 'x', duration: '5', image_url: dataUrl('start.png'),
    elements: Array.from({ length: 4 }, () => ({ frontal_image_url: dataUrl('fox.png') })),
  });
  assert.equal(many.status, 400);
  assert.equal((await many.json()).error, 'Number of images exceeds the limit');
  const none = await post('/video/queue', {
    model: 'grok-imagine-reference-to-video', prompt: 'x', duration: '5', referenceImageUrls: [],
  });
  assert.equal(none.status, 400);
  assert.equal((await none.json()).error, 'At least one reference image is required');
});

// The program as it is on the registry.
const cli = fileURLToPath(new URL('./node_modules/veniceai-cli/dist/index.js', import.meta.url));
const venice = (...args) => promisify(execFile)(process.execPath, [cli, ...args], {
  cwd: folder,
  env: { ...process.env, HOME: folder, VENICE_API_KEY: server.key, VENICE_API_BASE_URL: `${server.url}/api/v1`,
         NO_COLOR: '1', CI: '1' },
});

test('veniceai-cli makes a video', async () => {
  const generated = await venice('video', 'generate', 'the village wakes up', '-m',
    'kling-o3-standard-reference-to-video', '-d', '3s', '-a', '16:9', '-i', join(samples, 'start.png'));
  const id = /job_\w{26}/.exec(generated.stdout + generated.stderr)?.[0];
  assert.ok(id, generated.stdout + generated.stderr);
  await venice('video', 'status', id, '-m', 'kling-o3-standard-reference-to-video', '-w');
  await venice('video', 'retrieve', id, '-m', 'kling-o3-standard-reference-to-video', '-o', 'out.mp4');
  const facts = probe(readFileSync(join(folder, 'out.mp4')));
  assert.deepEqual([facts.width, facts.height, facts.seconds], [1280, 720, 3]);
});
