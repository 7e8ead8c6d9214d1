// A server of ours for one test file: `troupe serve` over a folder of its own, and a key for it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const binary = process.env.TROUPE_BINARY;
export const samples = fileURLToPath(new URL('../../samples/', import.meta.url));

/** The bytes of a sample picture. */
export const picture = (name) => readFileSync(join(samples, name));
export const dataUrl = (name) => `data:image/png;base64,${picture(name).toString('base64')}`;

/** Starts a server; `arguments_` go behind `troupe serve`. Resolves when it serves. */
export async function startServer(...arguments_) {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-clients-'));
  const data = join(folder, 'data');
  const created = execFileSync(binary, ['keys', 'create', '--data', data, '--name', 'test', '--json'], {
    encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' },
  });
  const key = /trp_sk_[\w-]+/.exec(created)[0];
  const child = spawn(
    binary, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--allow-private-urls', 'true', ...arguments_],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  let log = '';
  const url = await new Promise((resolve, reject) => {
    const read = (bytes) => {
      log += bytes;
      const told = /http:\/\/127\.0\.0\.1:\d+/.exec(log);
      if (told) resolve(told[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`troupe serve ended with ${code}: ${log}`)));
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', () => {
      rmSync(folder, { recursive: true, force: true });
      resolve();
    });
    child.kill('SIGKILL');  // nothing of it is wanted any more
  });
  return { url, key, stop, log: () => log };
}

/** Serves the sample pictures and receives webhooks: `received` resolves with {headers, body} of the first. */
export async function startReceiver() {
  let got;
  const received = new Promise((resolve) => (got = resolve));
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'image/png');
      response.end(picture(request.url.slice(1)));
      return;
    }
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      response.statusCode = 200;
      response.end();
      got({ headers: request.headers, body });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, received, stop: () => server.close() };
}
