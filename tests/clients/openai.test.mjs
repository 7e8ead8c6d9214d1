// npm `openai`: its videos API.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { probe } from './mp4.mjs';
import { dataUrl, picture, startServer } from './server.mjs';

let server, client;
before(async () => {
  server = await startServer();
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: server.key, maxRetries: 0 });
});
after(() => server.stop());

const finished = async (video) => {
  while (video.status === 'queued' || video.status === 'in_progress') {
    await new Promise((resolve) => setTimeout(resolve, 100));
    video = await client.videos.retrieve(video.id);
  }
  assert.equal(video.status, 'completed', JSON.stringify(video.error));
  return video;
};
const bytes = async (id, query) => Buffer.from(await (await client.videos.downloadContent(id, query)).arrayBuffer());

test('create, retrieve, download', async () => {
  const created = await client.videos.create({ prompt: 'a quiet street in the rain', seconds: '4', size: '1280x720' });
  assert.equal(created.object, 'video');
  assert.equal(created.model, 'sora-2');
  assert.equal(created.seconds, '4');
  assert.equal(created.size, '1280x720');
  const video = await finished(created);
  assert.equal(video.progress, 100);
  const facts = probe(await bytes(video.id));
  assert.deepEqual([facts.width, facts.height, facts.seconds], [1280, 720, 4]);
  assert.equal((await bytes(video.id, { variant: 'thumbnail' })).readUInt16BE(0), 0xffd8);
  assert.equal((await bytes(video.id, { variant: 'spritesheet' })).readUInt16BE(0), 0xffd8);
});

test('a first frame as a file, as an address, and the shape that is usual there', async () => {
  const file = await toFile(picture('start.png'), 'start.png', { type: 'image/png' });
  const one = await client.videos.create({ model: 'sora-2', prompt: 'the village wakes', input_reference: file });
  assert.equal(one.size, '720x1280');
  const two = await client.videos.create({
    model: 'sora-2', prompt: 'the village wakes', input_reference: { image_url: dataUrl('start.png') },
  });
  await finished(one);
  await finished(two);
});

test('references, as fields with JSON inside and as brackets', async () => {
  const common = { model: 'stage', seconds: '1', size: '320x180' };
  const one = await client.videos.create({
    ...common, prompt: '@Element1 walks through @Image1',
    elements: JSON.stringify([{ frontal_image_url: dataUrl('fox.png'), reference_image_urls: [dataUrl('fox-side.png')] }]),
    scene_images: JSON.stringify([dataUrl('village.png')]),
  });
  const two = await client.videos.create({
    ...common, prompt: '@Element2 waves at @Element1',
    elements: [{ frontal_image_url: dataUrl('fox.png') }, { frontal_image_url: dataUrl('mira.png') }],
  });
  const three = await client.videos.create({
    ...common, prompt: '@Image1 meets @Image2',
    input_reference: [await toFile(picture('fox.png'), 'fox.png'), await toFile(picture('cat.png'), 'cat.png')],
  });
  for (const video of [one, two, three]) assert.equal(probe(await bytes((await finished(video)).id)).width, 320);
  const headers = { authorization: `Bearer ${server.key}` };
  const kinds = async (id) => (await (await fetch(`${server.url}/v1/jobs/${id}`, { headers })).json())
    .spec.references.map((reference) => reference.kind);
  assert.deepEqual(await kinds(one.id), ['element', 'scene']);
  assert.deepEqual(await kinds(two.id), ['element', 'element']);
  assert.deepEqual(await kinds(three.id), ['image', 'image']);
});

test('remix, edit, extend', async () => {
  const first = await finished(await client.videos.create({ model: 'stage', prompt: 'a park', seconds: '1', size: '320x180' }));
  const remixed = await client.videos.remix(first.id, { prompt: 'a beach' });
  assert.equal(remixed.remixed_from_video_id, first.id);
  assert.equal(remixed.prompt, 'a beach');
  const edited = await client.videos.edit({ prompt: 'at night', video: { id: first.id } });
  const extended = await client.videos.extend({ prompt: 'the sun sets', seconds: '4', video: { id: first.id } });
  assert.equal(probe(await bytes((await finished(extended)).id)).width, 320);
  await finished(remixed);
  await finished(edited);
});

test('a character is kept, and is known by its name', async () => {
  const clip = await finished(await client.videos.create({ model: 'stage', prompt: 'a park', seconds: '1', size: '320x180' }));
  const character = await client.videos.createCharacter({
    name: 'Parkie', video: await toFile(await bytes(clip.id), 'clip.mp4', { type: 'video/mp4' }),
  });
  assert.equal((await client.videos.getCharacter(character.id)).name, 'Parkie');
  const video = await client.videos.create({ model: 'stage', prompt: '@Parkie waves', seconds: '1', size: '320x180' });
  await finished(video);
});

test('list and delete', async () => {
  const ids = [];
  for await (const video of client.videos.list({ limit: 2 })) ids.push(video.id);
  assert.ok(ids.length >= 5);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal((await client.videos.delete(ids[0])).deleted, true);
  await assert.rejects(client.videos.retrieve(ids[0]), { status: 404 });
});

test('what is wrong is told with its parameter', async () => {
  await assert.rejects(client.videos.create({ prompt: 'x', seconds: '7' }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, 'seconds');
    assert.match(error.message, /4, 8 or 12/);
    return true;
  });
  await assert.rejects(client.videos.create({ prompt: 'x', model: 'sora-9' }), { status: 404, code: 'model_not_found' });
  const stranger = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'no', maxRetries: 0 });
  await assert.rejects(stranger.videos.create({ prompt: 'x' }), (error) => error instanceof OpenAI.AuthenticationError);
});
