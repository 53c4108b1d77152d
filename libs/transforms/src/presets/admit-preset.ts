import {
  refusal,
  type Api,
  type Read,
  type Refusal,
  type RequestSummary,
  type RoutingFields,
} from '@penstock/contracts';
import { prependSystem } from '../conversation/prepend-system.js';
import { defaultFields } from '../rules/field-rules.js';
import { isObject } from '../rules/field-path.js';
import { trims, type JsonObject } from '../rules/rule.js';
import { presetName, type Presets, type PresetVersion } from './preset.js';

/** A request as it is run: its preset's, where it names one. */
export interface AdmittedRequest {
  /** The client's own bytes, unless a preset had something to say. */
  readonly body: Uint8Array;
  readonly summary: RequestSummary;
  /** `name@version`. Absent: none was asked for. */
  readonly preset?: string;
  /** The preset's routing preferences, below all that the caller says. */
  readonly routing?: RoutingFields;
  /** Its conversation is made to fit where it runs. */
  readonly trims?: true;
}

/** Reads a body of the request's API as far as admission needs it. */
export type ReadBody = (body: Uint8Array, model?: string) => Read<RequestSummary>;

/** How a model's name says that it is a preset, alone or behind a model. */
const MARK = '@preset/';

/**
 * Reads a request, and puts the preset that it names into it: `@preset/name` or `small@preset/name` as the model, or
 * the field `preset`, each with `@version` behind it or not. What the request says itself stands. A body that names no
 * preset is read once and stays as it is.
 */
export function admitPreset(
  presets: Presets,
  api: Api,
  body: Uint8Array,
  read: ReadBody,
): Read<AdmittedRequest> {
  const plain = read(body);
  if (!plain.ok) return plain;
  const summary = plain.value;
  const mark = summary.model.indexOf(MARK);
  if (mark < 0 && summary.preset === undefined) return { ok: true, value: { body, summary } };
  const inModel = mark < 0 ? undefined : summary.model.slice(mark + MARK.length);
  const asked = inModel ?? summary.preset;
  const param = inModel === undefined ? 'preset' : 'model';
  const found = typeof asked === 'string' ? find(presets, asked, param) : notAName(param);
  if (!found.ok) return found;
  const { name, version } = found.value;
  const model = mark < 0 ? summary.model : summary.model.slice(0, mark) || version.model;
  if (model === undefined) return noModel(name);

  const filled = fill(api, body, version, model);
  if (!filled) return noJson(param);
  const again = read(filled, model);
  if (!again.ok) return again;
  const { provider, models } = version;
  return {
    ok: true,
    value: {
      body: filled,
      summary: again.value,
      preset: name,
      ...((provider ?? models) && { routing: { ...(provider && { provider }), ...(models && { models }) } }),
      ...(trims(version.transforms) && { trims: true }),
    },
  };
}

interface Found {
  readonly name: string;
  readonly version: PresetVersion;
}

function find(presets: Presets, asked: string, param: string): Read<Found> {
  const at = asked.indexOf('@');
  const name = at < 0 ? asked : asked.slice(0, at);
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset) return refuse(`There is no preset ${JSON.stringify(name)}.`, Object.keys(presets), param);
  const wanted = at < 0 ? preset.latest : asked.slice(at + 1);
  const version = Object.hasOwn(preset.versions, wanted) ? preset.versions[wanted] : undefined;
  if (version) return { ok: true, value: { name: presetName(name, wanted), version } };
  const message = `The preset ${name} has no version ${JSON.stringify(wanted)}.`;
  return refuse(message, Object.keys(preset.versions), param);
}

function refuse(message: string, known: readonly string[], param: string): Read<never> {
  const there = known.length > 0 ? `There are ${known.join(', ')}.` : 'There is none.';
  return failed(refusal('preset_not_found', { param, message: `${message} ${there}` }));
}

function notAName(param: string): Read<never> {
  const message = 'preset must be a name, or name@version.';
  return failed(refusal('invalid_request', { param, message }));
}

function noModel(name: string): Read<never> {
  const message = `The preset ${name} names no model: write <model>${MARK}${name}.`;
  return failed(refusal('invalid_request', { param: 'model', message }));
}

function failed(why: Refusal): Read<never> {
  return { ok: false, refusal: why };
}

function noJson(param: string): Read<never> {
  const message = 'A preset is for requests that are JSON: leave it out of a form.';
  return failed(refusal('invalid_request', { param, message }));
}

/** Undefined when the body is a form. */
function fill(
  api: Api,
  body: Uint8Array,
  { fields, system }: PresetVersion,
  model: string,
): Uint8Array | undefined {
  const parsed = parse(body);
  if (!parsed) return undefined;
  const { preset: _, ...request } = parsed;
  // Where the URL names the model, the body need not.
  const named: JsonObject = Object.hasOwn(request, 'model') ? { ...request, model } : request;
  const whole = fields ? defaultFields(fields)(named) : named;
  return Buffer.from(JSON.stringify(system === undefined ? whole : prependSystem(api, whole, system)));
}

function parse(body: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'),
    );
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
