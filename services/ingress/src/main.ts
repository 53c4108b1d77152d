import { PRIORITY_CLASSES } from '@penstock/contracts';
import { idMaker } from '@penstock/resilience';
console.log(PRIORITY_CLASSES, idMaker(Date.now, (n) => crypto.getRandomValues(new Uint8Array(n)))('job'));
