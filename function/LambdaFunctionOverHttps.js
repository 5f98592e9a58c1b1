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
  unmarshallOptions: { wrapNumbers: asNumber },
});

// Lambda calls this for each request; the return value is the answer.
exports.handler = async (event, context) => {
  try {
    return await answer(event);
  } catch (error) {
    if (error instanceof BadRequestError) throw error;
    console.error("Not the caller's fault", error);
    throw new InternalError(context.awsRequestId);
  }
};

// Do what the event asks for.
async function answer(event) {
  const { operation, payload } = partsOf(event);
  switch (operation) {
    case 'ping': return 'pong';
    case 'echo': return payload;
    case 'create': return ask(PutCommand, event, payload, 'Item', WRITE);
    case 'read': return ask(GetCommand, event, payload, 'Key', READ);
    case 'update': return ask(UpdateCommand, event, payload, 'Key', UPDATE);
    case 'delete': return ask(DeleteCommand, event, payload, 'Key', WRITE);
    case 'list': return ask(ScanCommand, event, payload, null, SCAN);
    default: throw new BadRequestError(UNRECOGNIZED);
  }
}

// Make one call to DynamoDB, and return what it answers. The payload holds its
// arguments: the one that the call needs, and any of those that it accepts.
async function ask(Command, event, payload, needs, accepts) {
  const table = tableName(event);
  const args = checked(payload ?? {}, needs, accepts);
  try {
    const command = new Command({ ...args, TableName: table });
    const { $metadata, ...result } = await dynamodb.send(command);
    return asJson(result);
  } catch (error) {
    if (!isCallersFault(error, event)) throw error;
    throw new BadRequestError(`${error.name}: ${error.message}`);
  }
}

// That is the whole idea. The rest is care: two kinds of errors, what a payload may hold, numbers and sets.

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

// DynamoDB's errors that are the caller's fault.
const CALLERS_FAULTS = new Set([
  'ConditionalCheckFailedException',
  'ItemCollectionSizeLimitExceededException',
  'SerializationException',
  'ValidationException',
]);

// Whether the caller can correct it; a missing table only if it is the event that names it.
function isCallersFault(error, event) {
  if (error.name === 'ResourceNotFoundException') return event.tableName != null;
  return CALLERS_FAULTS.has(error.name);
}

const UNRECOGNIZED =
  'Unrecognized operation: "operation" must be one of create, read, update, delete, list, echo, ping';

// The arguments that DynamoDB's calls accept, besides the table and the one they need.
const NAMES = ['ExpressionAttributeNames', 'ReturnConsumedCapacity'];
const VALUES = ['ExpressionAttributeValues', 'ConditionalOperator'];
const READ = [...NAMES, 'ProjectionExpression', 'AttributesToGet', 'ConsistentRead'];
const WRITE = [...NAMES, ...VALUES, 'ConditionExpression', 'Expected', 'ReturnValues',
  'ReturnItemCollectionMetrics', 'ReturnValuesOnConditionCheckFailure'];
const UPDATE = [...WRITE, 'UpdateExpression', 'AttributeUpdates'];
const SCAN = [...READ, ...VALUES, 'FilterExpression', 'ScanFilter', 'IndexName', 'Select', 'Limit',
  'ExclusiveStartKey', 'Segment', 'TotalSegments'];

// Return the operation that the event names, and its payload.
function partsOf(event) {
  if (!isObject(event)) throw new BadRequestError('The event must be a JSON object');
  const { operation, payload = null } = event;
  checkNumbers(payload);
  return { operation, payload };
}

// Return the payload as the arguments of a call, if it has what the call needs and nothing strange.
function checked(payload, needs, accepts) {
  if (!isObject(payload)) throw new BadRequestError('"payload" must be a JSON object');
  if (needs && !isObject(payload[needs])) {
    throw new BadRequestError(`"payload" must have "${needs}", a JSON object`);
  }
  for (const name of Object.keys(payload)) {
    // A misspelled "ConditionExpression" must not become a delete without a condition.
    if (name !== needs && !accepts.includes(name)) {
      throw new BadRequestError(`"payload" cannot have "${name}" here`);
    }
  }
  return payload;
}

// Return the table's name, from the event or else from the function's environment.
function tableName(event) {
  const name = event.tableName ?? process.env.TABLE_NAME;
  if (typeof name !== 'string' || name === '') {
    throw new BadRequestError('"tableName" must be the name of a table');
  }
  return name;
}

// Check that all numbers can be stored exactly. JSON.parse loses digits of a whole number beyond 2^53, before
// any handler sees it.
function checkNumbers(value) {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(checkNumbers);
  if (typeof value !== 'number') return;
  const size = Math.abs(value);
  if (size > Number.MAX_SAFE_INTEGER || (size > 0 && size < 1e-130)) {
    throw new BadRequestError('A number is beyond ±9007199254740991 or nearer to 0 than 1e-130: send it as a string');
  }
}

// A number in DynamoDB has up to 38 digits: if JavaScript would lose some, the text itself goes into the JSON.
function asNumber(text) {
  return String(Number(text)) === text ? Number(text) : JSON.rawJSON(text);
}

// Return a value as JSON can hold it: a set as a sorted list, bytes as base64 text.
function asJson(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Set) return [...value].map(asJson).sort(order);
  if (Array.isArray(value)) return value.map(asJson);
  if (!isObject(value) || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
}

function order(one, other) {
  if (typeof one === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return (one.rawJSON ?? one) - (other.rawJSON ?? other);
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
