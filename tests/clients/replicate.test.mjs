// npm `replicate`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Replicate, { validateWebhook } from 'replicate';
import { probe } from './mp4.mjs';
import { dataUrl, picture, startReceiver, startServer } from './server.mjs';

const model = 'kwaivgi/kling-o3-standard-reference-to-video';
let server, replicate;
before(async () => {
  server = await startServer();
  replicate = new Replicate({ auth: server.key, baseUrl: `${server.url}/v1` });
});
after(() => server.stop());

const input = (more = {}) => ({
  prompt: '@Image1 walks through the village', reference_images: [dataUrl('fox.png')], duration: 3,
  aspect_ratio: '16:9', ...more,
});

test('run', async () => {
  const output = await replicate.run(model, { input: input(), wait: { mode: 'poll', interval: 200 } });
  const facts = probe(Buffer.from(await (await output.blob()).arrayBuffer()));
  assert.deepEqual([facts.width, facts.height, facts.seconds], [1280, 720, 3]);
});

test('run, waiting for the answer', async () => {
  const output = await replicate.run(model, { input: input() });
  assert.equal(probe(Buffer.from(await (await output.blob()).arrayBuffer())).seconds, 3);
});

test('run with a file in the input', async () => {
  const reference_images = [new Blob([picture('fox.png')], { type: 'image/png' })];
  const output = await replicate.run(model, {
    input: input({ reference_images }), wait: { mode: 'poll', interval: 200 },
  });
  assert.equal(probe(Buffer.from(await (await output.blob()).arrayBuffer())).seconds, 3);
  const file = await replicate.files.create(picture('fox.png'));
  assert.equal((await replicate.files.get(file.id)).size, picture('fox.png').length);
  await replicate.files.delete(file.id);
  await assert.rejects(replicate.files.get(file.id), (error) => error.response.status === 404);
});

test('create, get, list, and a webhook that its own check accepts', async () => {
  const receiver = await startReceiver();
  const created = await replicate.predictions.create({ model, input: input(), webhook: `${receiver.url}/hook` });
  assert.equal(created.status, 'starting');
  const { headers, body } = await receiver.received;
  receiver.stop();
  const { key } = await replicate.webhooks.default.secret.get();
  assert.equal(await validateWebhook({
    id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], signature: headers['webhook-signature'],
    body, secret: key,
  }), true);
  assert.equal(JSON.parse(body).status, 'succeeded');
  const got = await replicate.predictions.get(created.id);
  assert.equal(got.status, 'succeeded');
  assert.ok(got.metrics.predict_time > 0);
  const listed = await replicate.predictions.list();
  assert.equal(listed.results[0].id, created.id);
});

test('cancel', async () => {
  const created = await replicate.predictions.create({ model, input: input({ duration: 15 }) });
  await replicate.predictions.cancel(created.id);
  let state;
  do state = (await replicate.predictions.get(created.id)).status; while (['starting', 'processing'].includes(state));
  assert.equal(state, 'canceled');
});

test('what is wrong is told by field', async () => {
  await assert.rejects(replicate.predictions.create({ model, input: input({ duration: 99 }) }), (error) => {
    assert.equal(error.response.status, 422);
    assert.match(error.message, /duration/);
    return true;
  });
  await assert.rejects(replicate.predictions.create({ model: 'x/none', input: input() }),
    (error) => error.response.status === 404);
});
