'use strict';

// Runs a Node.js function: asks the Runtime API for events, and posts what the handler returns or throws. Rules
// and documents are those of AWS's own runtime client (whose transport exists only for Linux).

const fs = require('fs');
const util = require('util');
const { loadHandler, runtimeError } = require('./load_handler.js');
const { Connection } = require('./runtime_client.js');

const RUNTIME = '/2018-06-01/runtime';
const MAJOR = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV)[1]);
const CALLBACKS = MAJOR < 24;
const [, , LAYERS] = process.argv; // the folder that is /opt on AWS; undefined if there are no layers
const ON_AWS = [[process.env.LAMBDA_TASK_ROOT, '/var/task'], [LAYERS, '/opt'], [__dirname, '/var/runtime']];
const JSON_LOG = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const SURELY_TAKEN = 1 << 20; // characters; a result up to this length is surely not too large
const NEVER_SETTLED = 'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly '
  + 'caused by a Promise that was never settled. For more information, see '
  + 'https://nodejs.org/docs/latest/api/process.html#exit-codes';

const connection = new Connection(process.env.AWS_LAMBDA_RUNTIME_API);
let requestId; // of the latest invocation
let phase = 'init';

// --- the log ---

function textEntry(level, message, more) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(message, ...more)}`;
}

const errorMembers = (error) => (
  { errorType: error.constructor?.name ?? 'UnknownError', errorMessage: error.message, stackTrace: stackOf(error) }
);

function jsonEntry(level, message, more) {
  const entry = { timestamp: new Date().toISOString(), level, requestId };
  if (more.length === 0) {
    const describe = (_, value) => (value instanceof Error ? { ...errorMembers(value), ...value } : value);
    try {
      return JSON.stringify({ ...entry, message }, describe);
    } catch {
      return JSON.stringify({ ...entry, message: util.format(message) });
    }
  }
  const error = [message, ...more].find((each) => each instanceof Error);
  return JSON.stringify({ ...entry, message: util.format(message, ...more), ...(error && errorMembers(error)) });
}

function patchConsole() {
  const entry = JSON_LOG ? jsonEntry : textEntry;
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const least = levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL); // -1 without JSON: all are logged
  const log = (level) => (message, ...more) => {
    // A message of several lines stays one event: the log turns carriage returns into line feeds again.
    fs.writeSync(1, `${namedAsOnAws(entry(level, message, more)).replace(/\n/g, '\r')}\n`);
  };
  levels.forEach((level, rank) => {
    console[level.toLowerCase()] = rank < least ? () => {} : log(level);
  });
  console.log = console.info;
}

function logError(label, thrown) {
  if (JSON_LOG) {
    console.error(thrown instanceof Error ? thrown : new Error(thrown));
    return;
  }
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  const describe = (_, value) => (value instanceof Error
    ? { errorType: value.name, errorMessage: value.message, ...value, stack: value.stack?.split('\n') }
    : value);
  let text;
  try {
    text = JSON.stringify(error, describe);
  } catch {
    text = JSON.stringify(errorDocument(error));
  }
  console.error(label, `\t${text}`);
}

/** The text, with the folders of function, layers and runtime under the names that they have on AWS. */
function namedAsOnAws(text) {
  return ON_AWS.reduce((named, [folder, name]) => (folder ? named.replaceAll(folder, name) : named), text);
}

const stackOf = (thrown) => namedAsOnAws(String(thrown.stack)).split('\n');

function errorDocument(thrown) {
  if (util.types.isNativeError(thrown) || (thrown?.name && thrown?.message && thrown?.stack)) {
    return { errorType: thrown.name, errorMessage: namedAsOnAws(String(thrown.message)), trace: stackOf(thrown) };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

// --- one invocation ---

function makeContext(headers) {
  const context = headers['lambda-runtime-client-context'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: context === undefined ? undefined : JSON.parse(context),
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// Settles when the handler does, or when the process has nothing left to do: then the handler never will.
function settled(handler, event, context) {
  return new Promise((resolve, reject) => {
    let whenIdle = () => reject(runtimeError('NodeJsExit', NEVER_SETTLED));
    process.removeAllListeners('beforeExit').once('beforeExit', () => setImmediate(() => whenIdle()));
    if (!CALLBACKS) {
      // Not resolve(promise): that would leave nothing for reject() to decide.
      Promise.resolve(handler(event, context)).then(resolve, reject);
      return;
    }
    const fail = (error) => reject(error ?? 'handled');
    const done = (error, result) => ((error ?? null) === null ? resolve(result) : reject(error));
    let atRest = null;
    const callback = (error, result) => {
      if ((error ?? null) !== null || !context.callbackWaitsForEmptyEventLoop) done(error, result);
      else atRest = result;
    };
    const result = handler(event, Object.assign(context, { succeed: resolve, fail, done }), callback);
    if (typeof result?.then === 'function') result.then(resolve, fail);
    else whenIdle = () => resolve(atRest);
  });
}

function serialized(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? '';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

// Takes the next event, and returns the message with its result, which goes out together with the request for
// the event after it. `last` is the message before; if it is refused, that event has a result already.
async function invokeOnce(handler, last) {
  const next = connection.request('GET', `${RUNTIME}/invocation/next`);
  const { headers, body } = (await connection.exchange(...last, next)).at(-1);
  requestId = headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  phase = 'invoke';
  let outcome = 'response';
  let document;
  try {
    document = serialized(await settled(handler, JSON.parse(body), makeContext(headers)));
  } catch (error) {
    logError('Invoke Error', error);
    outcome = 'error';
    document = JSON.stringify(errorDocument(error));
  }
  phase = 'idle';
  const message = connection.request('POST', `${RUNTIME}/invocation/${requestId}/${outcome}`, document);
  if (message.length <= SURELY_TAKEN) return [message];
  const [{ status }] = await connection.exchange(message);
  if (status !== 202) throw new Error(`The Runtime API refused the ${outcome}: status ${status}`);
  return [];
}

// --- the process ---

async function postFailure(error) {
  const path = { init: 'init/error', invoke: `invocation/${requestId}/error` }[phase];
  // It needs a connection of its own: the other one may be waiting for a response.
  const own = new Connection(process.env.AWS_LAMBDA_RUNTIME_API);
  if (path) await own.exchange(own.request('POST', `${RUNTIME}/${path}`, JSON.stringify(errorDocument(error))));
}

function endOn(event, label, code, wrap) {
  process.on(event, (thrown) => {
    const error = wrap(thrown);
    logError(label, error);
    postFailure(error).finally(() => process.exit(code));
  });
}

function refuseStreaming() {
  throw runtimeError('NotImplemented', 'Not in this sandbox: awslambda.streamifyResponse. '
    + 'Return the whole answer from an asynchronous handler.');
}

async function main() {
  patchConsole();
  globalThis.awslambda = { streamifyResponse: refuseStreaming };
  endOn('uncaughtException', 'Uncaught Exception', 129, (error) => error);
  endOn('unhandledRejection', 'Unhandled Promise Rejection', 128, (reason) => (
    Object.assign(runtimeError('UnhandledPromiseRejection', String(reason)), { reason })
  ));
  let handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER, { callbacks: CALLBACKS });
  } catch (error) {
    logError('Init Error', error);
    await postFailure(error);
    process.exit(1);
  }
  for (let last = []; ;) last = await invokeOnce(handler, last);
}

main();
