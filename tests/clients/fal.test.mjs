// npm `@fal-ai/client`, pointed here through its proxy setting and through its middleware.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createFalClient } from '@fal-ai/client';
import { probe } from './mp4.mjs';
import { dataUrl, picture, startReceiver, startServer } from './server.mjs';

const model = 'fal-ai/kling-video/o3/standard/reference-to-video';
let server, fal, direct;
before(async () => {
  server = await startServer();
  fal = createFalClient({
    credentials: server.key, proxyUrl: { url: `${server.url}/api/fal/proxy`, when: 'always' },
  });
  direct = createFalClient({
    credentials: `any-id:${server.key}`,
    requestMiddleware: async (request) => ({
      ...request, url: request.url.replace('https://queue.fal.run', server.url),
    }),
  });
});
after(() => server.stop());

const input = (more = {}) => ({
  prompt: '@Element1 walks through @Image1',
  elements: [{ frontal_image_url: dataUrl('fox.png'), reference_image_urls: [dataUrl('fox-side.png')] }],
  image_urls: [dataUrl('village.png')],
  duration: '3', aspect_ratio: '16:9',
  ...more,
});
const expectVideo = async (url, width, height, seconds) => {
  const facts = probe(await (await fetch(url)).arrayBuffer());
  assert.deepEqual([facts.width, facts.height, facts.seconds], [width, height, seconds]);
};

test('subscribe', async () => {
  const seen = new Set();
  const result = await fal.subscribe(model, {
    input: input(), logs: true, pollInterval: 100, onQueueUpdate: (update) => seen.add(update.status),
  });
  assert.ok(seen.has('COMPLETED'));
  assert.match(result.requestId, /^job_/);
  assert.equal(result.data.video.content_type, 'video/mp4');
  await expectVideo(result.data.video.url, 1280, 720, 3);
});

test('submit, stream of states, result, straight to the queue', async () => {
  const { request_id: requestId } = await direct.queue.submit(model, {
    input: {
      multi_prompt: [{ prompt: '@Image1 at dawn', duration: '3' }, { prompt: '@Image1 at night', duration: '3' }],
      shot_type: 'customize', image_urls: [dataUrl('village.png')], aspect_ratio: '1:1',
    },
  });
  await assert.rejects(direct.queue.result(model, { requestId }), /./);
  const states = [];
  const stream = await direct.queue.streamStatus(model, { requestId, logs: true });
  for await (const status of stream) states.push(status.status);
  assert.equal(states.at(-1), 'COMPLETED');
  const result = await direct.queue.result(model, { requestId });
  await expectVideo(result.data.video.url, 720, 720, 6);
});

test('a file sent ahead, and files in the input', async () => {
  const file = (name) => new Blob([picture(name)], { type: 'image/png' });
  const fox = await fal.storage.upload(file('fox.png'));
  const { data } = await fal.subscribe(model, {
    input: input({ elements: [{ frontal_image_url: fox, reference_image_urls: [file('fox-side.png')] }] }),
    pollInterval: 200,
  });
  assert.equal(probe(Buffer.from(await (await fetch(data.video.url)).arrayBuffer())).seconds, 3);
});

test('cancel', async () => {
  const { request_id: requestId } = await fal.queue.submit(model, { input: input({ duration: '15' }) });
  await fal.queue.cancel(model, { requestId });
  let status;
  do ({ status } = await fal.queue.status(model, { requestId })); while (status !== 'COMPLETED');
  await assert.rejects(fal.queue.cancel(model, { requestId }), { status: 400 });
  await assert.rejects(fal.queue.result(model, { requestId }));
});

test('what is wrong is told by its place', async () => {
  await assert.rejects(fal.queue.submit(model, { input: input({ duration: '99' }) }), (error) => {
    assert.equal(error.status, 422);
    assert.deepEqual(error.fieldErrors[0].loc, ['body', 'duration']);
    return true;
  });
  await assert.rejects(fal.queue.submit('fal-ai/kling-video/o9', { input: input() }), { status: 404 });
});

test('a webhook, signed with the published key', async () => {
  const receiver = await startReceiver();
  const { request_id: requestId } = await direct.queue.submit(model, { input: input(), webhookUrl: `${receiver.url}/hook` });
  const { headers, body } = await receiver.received;
  receiver.stop();
  const told = JSON.parse(body);
  assert.deepEqual([told.request_id, told.status], [requestId, 'OK']);
  const { keys } = await (await fetch(`${server.url}/.well-known/jwks.json`)).json();
  const text = [headers['x-fal-webhook-request-id'], headers['x-fal-webhook-user-id'],
                headers['x-fal-webhook-timestamp'], createHash('sha256').update(body).digest('hex')].join('\n');
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  assert.ok(verify(null, Buffer.from(text), key, Buffer.from(headers['x-fal-webhook-signature'], 'hex')));
});
