// npm `ai` with @ai-sdk/gateway, current and former: the Vercel AI Gateway's clients.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createGateway } from '@ai-sdk/gateway';
import {
  experimental_generateVideo as generateVideo, experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
} from 'ai';
import { experimental_generateVideo as generateVideo6 } from 'ai6';
import { createGateway as createGateway3 } from 'gateway3';
import { probe } from './mp4.mjs';
import { picture, startReceiver, startServer } from './server.mjs';

let server, receiver, gateway, gateway3;
before(async () => {
  server = await startServer();
  receiver = await startReceiver();
  gateway = createGateway({ baseURL: `${server.url}/v4/ai`, apiKey: server.key });
  gateway3 = createGateway3({ baseURL: `${server.url}/v3/ai`, apiKey: server.key });
});
after(async () => {
  receiver.stop();
  await server.stop();
});

// The seed's request.
const request = () => ({
  model: gateway.video('alibaba/wan-v2.6-r2v'),
  prompt: 'character1 and character2 have a friendly conversation in a cozy cafe',
  resolution: '1280x720',
  duration: 2,
  providerOptions: {
    alibaba: { referenceUrls: [`${receiver.url}/fox.png`, `${receiver.url}/cat.png`], shotType: 'single' },
  },
});

const expectVideo = (video, { width = 1280, height = 720, seconds = 2 } = {}) => {
  const facts = probe(video.uint8Array);
  assert.equal(facts.width, width);
  assert.equal(facts.height, height);
  assert.equal(facts.seconds, seconds);
};

test('the documented example, by a model name alone', async () => {
  globalThis.AI_SDK_DEFAULT_PROVIDER = gateway;
  const result = await generateVideo({ ...request(), model: 'alibaba/wan-v2.6-r2v' });
  delete globalThis.AI_SDK_DEFAULT_PROVIDER;
  expectVideo(result.videos[0]);
  assert.match(JSON.stringify(result.warnings), /draft/i);
});

test('polling', async () => {
  const result = await generateVideo({ ...request(), poll: { intervalMs: 200 } });
  expectVideo(result.videos[0]);
});

test('start and status', async () => {
  const { providerOptions, ...rest } = request();
  const started = await startVideo({
    ...rest, prompt: 'character1 dances', inputReferences: [picture('fox.png')], providerOptions: {},
  });
  let status;
  do {
    status = await getVideoStatus(rest.model, { operation: started.operation });
  } while (status.status === 'pending');
  assert.equal(status.status, 'completed');
  assert.equal(status.videos.length, 1);
});

test('a webhook tells of the end, signed', async () => {
  const result = await generateVideo({
    ...request(),
    webhook: async () => ({
      url: `${receiver.url}/hook`,
      received: receiver.received.then(({ body, headers }) => ({ body, headers })),
    }),
  });
  expectVideo(result.videos[0]);
  const { headers, body } = await receiver.received;
  assert.match(headers['x-ai-gateway-signature'], /^t=\d+,v1=[0-9a-f]{64}$/);
  const told = JSON.parse(body);
  assert.equal(told.type, 'video.generation.completed');
  assert.equal(headers['x-ai-gateway-idempotency-key'], `${told.data.jobId}-completed`);
});

test('the signature is that of the secret that start told', async () => {
  const other = await startReceiver();
  const answer = await fetch(`${server.url}/v4/ai/video-model/start`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`, 'ai-model-id': 'stage', 'content-type': 'application/json',
    },
    body: JSON.stringify({ prompt: 'a park', n: 1, duration: 1, resolution: '320x180', providerOptions: {},
                           callbackUrl: `${other.url}/hook` }),
  });
  const started = await answer.json();
  const secret = started.providerMetadata.gateway.asyncJob.webhookSigningSecret;
  const { headers, body } = await other.received;
  other.stop();
  const [, time, given] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(headers['x-ai-gateway-signature']);
  assert.equal(given, createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
});

test('several videos of one request', async () => {
  const result = await generateVideo({
    model: gateway.video('stage'), prompt: 'a quiet park', n: 2, duration: 1, resolution: '320x180',
  });
  assert.equal(result.videos.length, 2);
  for (const video of result.videos) expectVideo(video, { width: 320, height: 180, seconds: 1 });
});

test('a first frame as bytes, Kling shots from its own options', async () => {
  const result = await generateVideo({
    model: gateway.video('stage'),
    prompt: { image: picture('start.png'), text: 'the village wakes up' },
    duration: 1, aspectRatio: '16:9',
  });
  assert.equal(probe(result.videos[0].uint8Array).seconds, 1);
  const shots = await generateVideo({
    model: gateway.video('kling-o3-standard-reference-to-video'),
    prompt: 'ignored when there are shots',
    inputReferences: [picture('fox.png')],
    aspectRatio: '1:1',
    providerOptions: {
      klingai: {
        multiShot: true, shotType: 'customize', sound: 'off',
        multiPrompt: [{ index: 1, prompt: '@Image1 runs through a forest', duration: '3' },
                      { index: 2, prompt: '@Image1 sleeps', duration: '3' }],
      },
    },
  });
  expectVideo(shots.videos[0], { width: 720, height: 720, seconds: 6 });
});

test('models and credits', async () => {
  const { models } = await gateway.getAvailableModels();
  assert.ok(models.some((model) => model.id === 'alibaba/wan-v2.6-r2v' && model.modelType === 'video'));
  assert.equal(typeof (await gateway.getCredits()).balance, 'string');
  const former = await gateway3.getAvailableModels();
  assert.ok(former.models.some((model) => model.id === 'alibaba/wan-v2.6-r2v'));
});

test('ai 6 with gateway 3', async () => {
  const result = await generateVideo6({ ...request(), model: gateway3.video('alibaba/wan-v2.6-r2v') });
  expectVideo(result.videos[0]);
});

test('what is wrong is told with its field', async () => {
  const fails = (options, name, text) => assert.rejects(
    generateVideo({ ...request(), maxRetries: 0, ...options }),
    (error) => {
      assert.equal(error.name, name, error);
      assert.match(error.message, text);
      return true;
    });
  await fails({ duration: 60 }, 'GatewayInvalidRequestError', /duration/);
  await fails({ model: gateway.video('alibaba/wan-v9') }, 'GatewayModelNotFoundError', /wan-v9/);
  const stranger = createGateway({ baseURL: `${server.url}/v4/ai`, apiKey: 'wrong' });
  await fails({ model: stranger.video('alibaba/wan-v2.6-r2v') }, 'GatewayAuthenticationError', /./);
});

test('whoever leaves has the job cancelled', async () => {
  const leaving = new AbortController();
  const doomed = generateVideo({
    model: gateway.video('stage'), prompt: 'a very long walk', duration: 60, resolution: '1920x1080',
    abortSignal: leaving.signal, maxRetries: 0,
  });
  const headers = { authorization: `Bearer ${server.key}` };
  const states = async () => (await (await fetch(`${server.url}/v1/jobs?limit=1`, { headers })).json()).data[0];
  let job;
  do job = await states(); while (job.spec.duration !== 60 || job.state !== 'running');
  leaving.abort();
  await assert.rejects(doomed);
  do job = await states(); while (job.state === 'running');
  assert.equal(job.state, 'cancelled');
});
