import { readLatency } from './read-latency.js';

describe('a latency as it is written', () => {
  it.each([
    ['200', { firstTokenMs: 200, tokensPerSecond: null }],
    [' 0.5 50 ', { firstTokenMs: 0.5, tokensPerSecond: 50 }],
    ['0 0', { firstTokenMs: 0, tokensPerSecond: null }],
    ['-1', undefined],
    ['1 2 3', undefined],
    ['soon', undefined],
  ])('%j', (order, latency) => {
    expect(readLatency(order)).toEqual(latency);
  });
});
