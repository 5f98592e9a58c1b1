'use strict';

// Finds a function's handler by AWS's rules: `file.export`. The file's name or the nearest package.json decides
// whether it is CommonJS or an ES module; its text does not.

const fs = require('fs');
const module_ = require('module');
const path = require('path');
const { pathToFileURL } = require('url');

const CALLBACK_GONE = 'ERROR: AWS Lambda has removed support for callback-based function handlers starting with '
  + 'Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. '
  + 'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

function runtimeError(name, message) {
  const error = new Error(message);
  error.name = `Runtime.${name}`;
  return error;
}

async function loadHandler(root, name, { callbacks }) {
  if (name.includes('..')) {
    throw runtimeError('MalformedHandlerName', `'${name}' is not a valid handler name. `
      + 'Use absolute paths when specifying root directories in handler names.');
  }
  const match = /^([^.]*)\.(.*)$/.exec(path.basename(name));
  if (!match) throw runtimeError('MalformedHandlerName', 'Bad handler');
  const file = path.join(path.dirname(name), match[1]);
  const exported = await loadModule(root, file).catch((error) => {
    throw loadingError(error);
  });
  const handler = match[2].split('.').reduce((value, key) => value?.[key], exported);
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  if (!callbacks && handler.length > 2) throw runtimeError('CallbackHandlerDeprecated', CALLBACK_GONE);
  return handler;
}

async function loadModule(root, name) {
  const base = path.resolve(root, name);
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    const file = base + extension;
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) continue;
    if (extension === '.mjs' || (extension === '.js' && isModule(path.dirname(file)))) {
      offerSdkToModules();
      return import(pathToFileURL(file));
    }
    return require(file);
  }
  return require(require.resolve(name, { paths: [root] }));
}

function isModule(folder) {
  if (path.basename(folder) === 'node_modules') return false;
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
  const parent = path.dirname(folder);
  return parent !== folder && isModule(parent);
}

// Node.js uses NODE_PATH, where layers and the SDK are, only for require().
function offerSdkToModules() {
  if (!process.env.NODE_PATH) return;
  const parents = JSON.stringify(process.env.NODE_PATH.split(path.delimiter)
    .map((folder) => pathToFileURL(path.join(folder, 'parent.js')).href));
  const hook = `export const resolve = async (specifier, context, next) => {
    let failed;
    for (const parentURL of [context.parentURL, ...${parents}]) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch (error) {
        failed ??= error;
        if (error.code !== 'ERR_MODULE_NOT_FOUND' || /^[./]|:/.test(specifier)) throw error;
      }
    }
    throw failed;
  };`;
  module_.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

function loadingError(error) {
  const wrapped = (name) => Object.assign(runtimeError(name, String(error)), { stack: error.stack });
  if (error instanceof SyntaxError) return wrapped('UserCodeSyntaxError');
  return error?.code === 'MODULE_NOT_FOUND' ? wrapped('ImportModuleError') : error;
}

module.exports = { loadHandler, runtimeError };
