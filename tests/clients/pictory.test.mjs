// The guide's program with axios; only address, key and the wait between polls are ours.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axios from 'axios';
import { probe } from './mp4.mjs';
import { startReceiver, startServer } from './server.mjs';

let server, pictures, base;
before(async () => {
  server = await startServer();
  pictures = await startReceiver();
  base = `${server.url}/pictoryapis`;
});
after(async () => {
  pictures.stop();
  await server.stop();
});

const submit = async (body) => (await axios.post(`${base}/v1/aistudio/videos`, body, {
  headers: { 'Content-Type': 'application/json', Authorization: server.key },
})).data.data.jobId;

const wait = async (jobId) => {
  for (;;) {
    const { data } = await axios.get(`${base}/v1/jobs/${jobId}`, { headers: { Authorization: server.key } });
    if (data.data.status === 'completed') return data;
    assert.equal(data.data.status, 'in-progress', JSON.stringify(data));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

test('reference images', async () => {
  const data = await wait(await submit({
    prompt: 'The woman from the first image walks through the village from the second image, in a wide shot',
    referenceImageUrls: [`${pictures.url}/mira.png`, `${pictures.url}/village.png`],
    model: 'pixverse5.5', aspectRatio: '9:16', duration: '5s',
  }));
  assert.deepEqual([data.data.duration, data.data.width, data.data.height], ['5s', 720, 1280]);
  assert.equal(typeof data.data.aiCreditsUsed, 'number');
  const facts = probe((await axios.get(data.data.url, { responseType: 'arraybuffer' })).data);
  assert.deepEqual([facts.width, facts.height, facts.seconds], [720, 1280, 5]);
  const frame = await axios.get(data.data.lastFrameImageUrl, { responseType: 'arraybuffer' });
  assert.equal(frame.headers['content-type'], 'image/png');
  const next = await submit({ prompt: 'she goes on', firstFrameImageUrl: data.data.lastFrameImageUrl, model: 'veo3.1_fast' });
  assert.deepEqual([(await wait(next)).data.duration], ['4s']);
});

test('a webhook gets what a poll gets', async () => {
  const receiver = await startReceiver();
  const jobId = await submit({ prompt: 'a quiet park', model: 'veo3.1_fast', webhook: `${receiver.url}/hook` });
  const { body } = await receiver.received;
  receiver.stop();
  const told = JSON.parse(body);
  assert.equal(told.job_id, jobId);
  assert.equal(told.data.status, 'completed');
  assert.match(told.data.url, /video\.mp4/);
});

test('what is wrong is told by field', async () => {
  const refused = async (body, headers = { Authorization: server.key }) => {
    const answer = await axios.post(`${base}/v1/aistudio/videos`, body, { headers, validateStatus: () => true });
    return [answer.status, answer.data];
  };
  const picture = `${pictures.url}/fox.png`;
  const [status, data] = await refused({
    prompt: 'a fox in a park', referenceImageUrls: [picture], firstFrameImageUrl: picture,
  });
  assert.equal(status, 400);
  assert.equal(data.code, 'INVALID_REQUEST_BODY');
  assert.ok(data.fields.length >= 1);
  assert.deepEqual((await refused({ prompt: 'a fox' , referenceImageUrls: Array(4).fill(picture) }))[1].fields[0].name,
    'referenceImageUrls');
  assert.deepEqual(await refused({ prompt: 'a fox' }, {}), [401, { message: 'Unauthorized' }]);
  assert.equal((await refused({ prompt: 'fox' }))[1].fields[0].name, 'prompt');
  const { data: none } = await axios.get(`${base}/v1/jobs/none`, { headers: { Authorization: server.key } });
  assert.equal(none.data.error_message, 'JOB_NOT_FOUND');
});
