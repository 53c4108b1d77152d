import { RouteTable } from './route-table.js';

describe('RouteTable', () => {
  const routes = new RouteTable();
  routes.add('POST', '/v1/jobs');
  routes.add(['GET', 'HEAD'], '/v1/jobs/:id');
  routes.add('DELETE', '/v1/jobs/:id');
  routes.add('POST', '/v1/models/*');

  it.each([
    ['/v1/jobs', ['POST']],
    ['/v1/jobs/job_1', ['DELETE', 'GET', 'HEAD']],
    ['/v1/models/a/b:generateContent', ['POST']],
    ['/v1/models/', []],
    ['/v1/job', []],
    ['/v1/jobs/job_1/result', []],
    ['/v1xjobs', []],
  ])('knows what there is at %s', (path, methods) => expect(routes.methodsAt(path)).toEqual(methods));
});
