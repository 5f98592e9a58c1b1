'use strict';

// A DynamoDB table over HTTPS: create, read, update, delete and list items; echo and ping to try it.
//
// The event is {"operation": "...", "tableName": "...", "payload": {...}}. README.md beside this file lists
// events and answers; LambdaFunctionOverHttps.py does the same in Python.

const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const {
  DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand, ScanCommand,
} = require('@aws-sdk/lib-dynamodb');

// Made once for each environment, for all of its requests. This client takes and returns plain JavaScript
// values; DynamoDBClient needs {S: 'Bob'} for 'Bob'.
const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  unmarshallOptions: { wrapNumbers: number },
});

const EXPRESSION = ['ExpressionAttributeNames', 'ReturnConsumedCapacity'];
const VALUES = ['ExpressionAttributeValues', 'ConditionalOperator'];
const READ = [...EXPRESSION, 'ProjectionExpression', 'AttributesToGet', 'ConsistentRead'];
const WRITE = [...EXPRESSION, ...VALUES, 'ConditionExpression', 'Expected', 'ReturnValues',
  'ReturnItemCollectionMetrics', 'ReturnValuesOnConditionCheckFailure'];
const SCAN = [...READ, ...VALUES, 'FilterExpression', 'ScanFilter', 'IndexName', 'Select', 'Limit',
  'ExclusiveStartKey', 'Segment', 'TotalSegments'];

// operation: the SDK's command, the argument it requires, and the others that it accepts
const CALLS = new Map([
  ['create', [PutCommand, 'Item', WRITE]],
  ['read', [GetCommand, 'Key', READ]],
  ['update', [UpdateCommand, 'Key', [...WRITE, 'UpdateExpression', 'AttributeUpdates']]],
  ['delete', [DeleteCommand, 'Key', WRITE]],
  ['list', [ScanCommand, null, SCAN]],
]);

const CLIENT_FAULTS = new Set([
  'ConditionalCheckFailedException',
  'ItemCollectionSizeLimitExceededException',
  'SerializationException',
  'ValidationException',
]);

// The caller's fault: API Gateway recognizes the prefix and answers 400.
class BadRequestError extends Error {
  constructor(reason) {
    super(`[BadRequest] ${reason}`);
    this.name = 'BadRequestError';
  }
}

// Not the caller's fault: API Gateway answers 500. The log says what happened; the answer does not.
class InternalError extends Error {
  constructor(requestId) {
    super(`[InternalError] The function's log says more about request ${requestId}`);
    this.name = 'InternalError';
  }
}

exports.handler = async (event, context) => {
  try {
    return await answer(event);
  } catch (error) {
    if (error instanceof BadRequestError) throw error;
    console.error("Not the caller's fault", error);
    throw new InternalError(context.awsRequestId);
  }
};

async function answer(event) {
  if (!isObject(event)) throw new BadRequestError('The event must be a JSON object');
  const { operation, payload = null } = event;
  check(payload);
  if (operation === 'echo') return payload;
  if (operation === 'ping') return 'pong';
  if (!CALLS.has(operation)) {
    const known = [...CALLS.keys(), 'echo', 'ping'].join(', ');
    throw new BadRequestError(`Unrecognized operation: "operation" must be one of ${known}`);
  }
  return call(...CALLS.get(operation), tableName(event), payload ?? {}, event.tableName != null);
}

async function call(Command, needed, allowed, table, payload, named) {
  if (!isObject(payload)) throw new BadRequestError('"payload" must be a JSON object');
  if (needed && !isObject(payload[needed])) {
    throw new BadRequestError(`"payload" must have "${needed}", a JSON object`);
  }
  for (const name of Object.keys(payload)) {
    // A misspelled "ConditionExpression" must not become a delete without a condition.
    if (name !== needed && !allowed.includes(name)) {
      throw new BadRequestError(`"payload" cannot have "${name}" here`);
    }
  }
  try {
    const { $metadata, ...result } = await dynamodb.send(new Command({ ...payload, TableName: table }));
    return plain(result);
  } catch (error) {
    const fault = CLIENT_FAULTS.has(error.name) || (error.name === 'ResourceNotFoundException' && named);
    throw fault ? new BadRequestError(`${error.name}: ${error.message}`) : error;
  }
}

function tableName(event) {
  const name = event.tableName ?? process.env.TABLE_NAME;
  if (typeof name !== 'string' || name === '') {
    throw new BadRequestError('"tableName" must be the name of a table');
  }
  return name;
}

// Check that a value can be stored exactly. JSON.parse loses digits of a whole number beyond 2^53, before any
// handler sees it.
function check(value) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(check);
  if (typeof value !== 'number') return;
  const size = Math.abs(value);
  if (size > Number.MAX_SAFE_INTEGER || (size > 0 && size < 1e-130)) {
    throw new BadRequestError('A number is beyond ±9007199254740991 or nearer to 0 than 1e-130: send it as a string');
  }
}

// A number in DynamoDB has up to 38 digits: if JavaScript would lose some, the text itself goes into the JSON.
function number(text) {
  return String(Number(text)) === text ? Number(text) : JSON.rawJSON(text);
}

// Return a value as JSON can hold it: a set as a sorted list, bytes as base64 text.
function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Set) return [...value].map(plain).sort(order);
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value) || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function order(one, other) {
  if (typeof one === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return (one.rawJSON ?? one) - (other.rawJSON ?? other);
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
