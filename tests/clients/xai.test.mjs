// npm `ai` 6 with @ai-sdk/xai.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createXai } from '@ai-sdk/xai';
import { experimental_generateVideo as generateVideo } from 'ai6';
import { probe } from './mp4.mjs';
import { dataUrl, startServer } from './server.mjs';

let server, xai;
before(async () => {
  server = await startServer();
  xai = createXai({ baseURL: `${server.url}/v1`, apiKey: server.key });
});
after(() => server.stop());

test('reference images', async () => {
  const result = await generateVideo({
    model: xai.video('grok-imagine-video'), prompt: '<IMAGE_1> and <IMAGE_2> walk through a park', duration: 5,
    aspectRatio: '16:9',
    providerOptions: {
      xai: { mode: 'reference-to-video', referenceImageUrls: [dataUrl('fox.png'), dataUrl('cat.png')], pollIntervalMs: 100 },
    },
  });
  const facts = probe(result.videos[0].uint8Array);
  assert.deepEqual([facts.width, facts.height, facts.seconds], [854, 480, 5]);
});

test('what is wrong', async () => {
  await assert.rejects(generateVideo({
    model: xai.video('grok-imagine-video'), prompt: 'a park', duration: 5, maxRetries: 0,
  }), /reference|visual/i);
});
