// npm `@openrouter/sdk`.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { OpenRouter } from '@openrouter/sdk';
import { probe } from './mp4.mjs';
import { dataUrl, startReceiver, startServer } from './server.mjs';

let server, client;
before(async () => {
  server = await startServer();
  client = new OpenRouter({ serverURL: `${server.url}/api/v1`, apiKey: server.key });
});
after(() => server.stop());

const request = (more = {}) => ({
  model: 'kling-o3-standard-reference-to-video', prompt: '@Image1 walks through the village', duration: 3,
  aspectRatio: '16:9', inputReferences: [{ type: 'image_url', imageUrl: { url: dataUrl('fox.png') } }], ...more,
});
const bytesOf = async (stream) => Buffer.concat(await Array.fromAsync(stream));

test('generate, ask, fetch', async () => {
  let video = await client.videoGeneration.generate({ videoGenerationRequest: request() });
  assert.match(video.id, /^job_/);
  while (video.status === 'pending' || video.status === 'in_progress') {
    await new Promise((resolve) => setTimeout(resolve, 100));
    video = await client.videoGeneration.getGeneration({ jobId: video.id });
  }
  assert.equal(video.status, 'completed', video.error);
  const content = await client.videoGeneration.getVideoContent({ jobId: video.id });
  const facts = probe(await bytesOf(content));
  assert.deepEqual([facts.width, facts.height, facts.seconds], [1280, 720, 3]);
  assert.equal(probe(await (await fetch(video.unsignedUrls[0])).arrayBuffer()).seconds, 3);
});

test('models', async () => {
  const models = await client.videoGeneration.listVideosModels();
  assert.ok(models.data.some((model) => model.id === 'kling-o3-standard-reference-to-video'));
});

test('what is wrong', async () => {
  await assert.rejects(client.videoGeneration.generate({ videoGenerationRequest: request({ duration: 99 }) }),
    (error) => error.statusCode === 400 && /duration/.test(error.message));
});

test('its body on the path that it shares, and a signed callback', async () => {
  const receiver = await startReceiver();
  const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/v1/videos`, {
    method: 'POST', headers,
    body: JSON.stringify({
      model: 'stage', prompt: 'a park', duration: 1, size: '320x180', callback_url: `${receiver.url}/hook`,
    }),
  });
  assert.equal(answer.status, 202);
  const { id } = await answer.json();
  const got = await receiver.received;
  receiver.stop();
  const account = await (await fetch(`${server.url}/v1/account`, { headers })).json();
  const [, time, given] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(got.headers['x-openrouter-signature']);
  assert.equal(given, createHmac('sha256', account.webhook_secret).update(`${time},${got.body}`).digest('hex'));
  const told = await (await fetch(`${server.url}/v1/videos/${id}`, { headers })).json();
  assert.equal(told.status, 'completed');
  assert.ok(told.unsigned_urls);
});
