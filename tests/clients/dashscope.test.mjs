// npm `ai` with @ai-sdk/alibaba, current and former: clients of DashScope's Wan.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAlibaba } from '@ai-sdk/alibaba';
import { experimental_generateVideo as generateVideo } from 'ai';
import { experimental_generateVideo as generateVideo6 } from 'ai6';
import { createAlibaba as createAlibaba1 } from 'alibaba1';
import { probe } from './mp4.mjs';
import { dataUrl, picture, startReceiver, startServer } from './server.mjs';

let server, receiver;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
});
after(async () => {
  receiver.stop();
  await server.stop();
});

const r2v = () => ({
  prompt: 'character1 plays with character2 in a sunny garden',
  resolution: '1280x720',
  duration: 2,
  providerOptions: {
    alibaba: {
      referenceUrls: [`${receiver.url}/fox.png`, `${receiver.url}/cat.png`], shotType: 'multi', pollIntervalMs: 100,
    },
  },
});
const expectVideo = (video, width, height, seconds) => {
  const facts = probe(video.uint8Array);
  assert.deepEqual([facts.width, facts.height, facts.seconds], [width, height, seconds]);
};

test('wan2.6-r2v', async () => {
  const alibaba = createAlibaba({ videoBaseURL: server.url, apiKey: server.key });
  const result = await generateVideo({
    ...r2v(), model: alibaba.video('wan2.6-r2v'), poll: { intervalMs: 100 },
  });
  expectVideo(result.videos[0], 1280, 720, 2);
});

test('wan2.7-r2v with pictures as bytes', async () => {
  const alibaba = createAlibaba({ videoBaseURL: server.url, apiKey: server.key });
  const result = await generateVideo({
    model: alibaba.video('wan2.7-r2v'), prompt: 'Image 1 walks through the place of Image 2', duration: 2,
    resolution: '1280x720', inputReferences: [picture('fox.png'), picture('village.png')],
    poll: { intervalMs: 100 },
  });
  expectVideo(result.videos[0], 1280, 720, 2);
});

test('wan2.6-i2v with a first frame as bare base 64', async () => {
  const alibaba = createAlibaba({ videoBaseURL: server.url, apiKey: server.key });
  const result = await generateVideo({
    model: alibaba.video('wan2.6-i2v'), prompt: { image: picture('start.png'), text: 'the camera pushes in' },
    duration: 2, resolution: '1280x720', poll: { intervalMs: 100 },
  });
  assert.equal(probe(result.videos[0].uint8Array).seconds, 2);
});

test('ai 6 with alibaba 1', async () => {
  const alibaba = createAlibaba1({ videoBaseURL: server.url, apiKey: server.key });
  const result = await generateVideo6({ ...r2v(), model: alibaba.video('wan2.6-r2v') });
  expectVideo(result.videos[0], 1280, 720, 2);
});

const ask = async (method, path, body, headers = {}) => {
  const answer = await fetch(server.url + path, {
    method, body: body && JSON.stringify(body),
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, ...(await answer.json()) };
};
const create = '/api/v1/services/aigc/video-generation/video-synthesis';
const asynchronous = { 'x-dashscope-async': 'enable' };

test('a task from its creation to its end, by HTTP alone', async () => {
  const body = {
    model: 'wan2.6-r2v', input: { prompt: 'character1 waves', reference_urls: [dataUrl('mira.png')] },
    parameters: { size: '960*960', duration: 2, shot_type: 'single', watermark: true },
  };
  const created = await ask('POST', create, body, asynchronous);
  assert.equal(created.status, 200, JSON.stringify(created));
  assert.equal(created.output.task_status, 'PENDING');
  let task;
  do task = await ask('GET', `/api/v1/tasks/${created.output.task_id}`); while (
    ['PENDING', 'RUNNING'].includes(task.output.task_status));
  assert.equal(task.output.task_status, 'SUCCEEDED', JSON.stringify(task.output));
  assert.equal(task.usage.SR, 960);
  assert.equal(task.usage.size, '960*960');
  assert.equal(task.usage.duration, 2);
  const [type, data] = task.output.video_url.split(',');
  assert.equal(type, 'data:video/mp4;base64');
  assert.equal(probe(Buffer.from(data, 'base64')).width, 960);
});

test('what is wrong has its code', async () => {
  const body = { model: 'wan2.6-r2v', input: { prompt: 'x' }, parameters: {} };
  assert.equal((await ask('POST', create, body)).code, 'AccessDenied');
  const none = await ask('POST', create, body, asynchronous);
  assert.deepEqual([none.status, none.code], [400, 'InvalidParameter']);
  assert.ok(none.message && none.request_id);
  const unknown = await ask('POST', create, { ...body, model: 'wan9' }, asynchronous);
  assert.deepEqual([unknown.status, unknown.code], [404, 'ModelNotFound']);
  const stranger = await ask('POST', create, body, { ...asynchronous, authorization: 'Bearer no' });
  assert.deepEqual([stranger.status, stranger.code], [401, 'InvalidApiKey']);
  assert.equal((await ask('GET', '/api/v1/tasks/none')).output.task_status, 'UNKNOWN');
});

test('a waiting task can be cancelled', async () => {
  const body = (duration) => ({
    model: 'wan2.6-r2v', input: { prompt: 'character1 waves', reference_urls: [dataUrl('mira.png')] },
    parameters: { duration },
  });
  await ask('POST', create, body(10), asynchronous);
  const second = await ask('POST', create, body(2), asynchronous);
  const id = second.output.task_id;
  assert.equal((await ask('POST', `/api/v1/tasks/${id}/cancel`)).status, 200);
  assert.equal((await ask('GET', `/api/v1/tasks/${id}`)).output.task_status, 'CANCELED');
  assert.equal((await ask('POST', `/api/v1/tasks/${id}/cancel`)).code, 'UnsupportedOperation');
  const listed = await ask('GET', '/api/v1/tasks/?status=CANCELED');
  assert.equal(listed.data[0].task_id, id);
});
