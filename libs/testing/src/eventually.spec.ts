import { eventually } from './eventually.js';

describe('eventually', () => {
  it('gives the first true value, taking throws for "not yet"', async () => {
    let asked = 0;
    const value = await eventually(() => {
      asked++;
      if (asked === 1) throw new Error('not there');
      return asked === 3 && 'there';
    });
    expect([value, asked]).toEqual(['there', 3]);
  });

  it('gives up with the last reason', async () => {
    const failing = eventually(() => Promise.reject(new Error('the door is shut')), { timeoutMs: 30 });
    await expect(failing).rejects.toMatchObject({
      message: 'the condition did not come true within 30 ms',
      cause: new Error('the door is shut'),
    });
  });
});
