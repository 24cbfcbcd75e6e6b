"""Checks frames against the published JSON schema of a protocol revision."""
# SPDX-License-Identifier: MIT

import functools
import json

import jsonschema

from .programs import ROOT

LEGACY = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN = "2026-07-28"
REVISIONS = (*LEGACY, MODERN)

RESULTS = {
    "initialize": "InitializeResult",
    "server/discover": "DiscoverResult",
    "tools/list": "ListToolsResult",
    "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult",
    "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult",
    "prompts/list": "ListPromptsResult",
    "prompts/get": "GetPromptResult",
    "completion/complete": "CompleteResult",
    "subscriptions/listen": "SubscriptionsListenResult",
    "ping": "EmptyResult",
    "logging/setLevel": "EmptyResult",
}

# The revisions in which the server may ask with a request of its own.
ASKING = ("2025-06-18", "2025-11-25")
RESPONSE = {revision: "JSONRPCResponse" if revision < "2025-11-25" else "JSONRPCResultResponse" for revision in REVISIONS}
ERROR = {revision: "JSONRPCError" if revision < "2025-11-25" else "JSONRPCErrorResponse" for revision in REVISIONS}

# Members of a tool by the revision that brought them; an older client must not see them.
TOOL_MEMBERS = {
    "2024-11-05": {"name", "description", "inputSchema"},
    "2025-03-26": {"name", "description", "inputSchema", "annotations"},
    "2025-06-18": {"name", "description", "inputSchema", "annotations", "title", "outputSchema", "_meta"},
    "2025-11-25": {
        "name", "description", "inputSchema", "annotations", "title", "outputSchema", "_meta", "icons", "execution",
    },
    "2026-07-28": {"name", "description", "inputSchema", "annotations", "title", "outputSchema", "_meta", "icons"},
}
RESULT_MEMBERS = {
    "2024-11-05": {"content", "isError", "_meta"},
    "2025-03-26": {"content", "isError", "_meta"},
}


@functools.cache
def document(revision):
    return json.loads((ROOT / f"Tests/Data/mcp-schema/{revision}.json").read_text())


@functools.cache
def validator(revision, name):
    schema = document(revision)
    container = "$defs" if "$defs" in schema else "definitions"
    if name not in schema[container]:
        return None
    kind = jsonschema.validators.validator_for(schema)
    return kind({**schema, "$ref": f"#/{container}/{name}"} if container == "$defs"
                else {"definitions": schema["definitions"], "$ref": f"#/definitions/{name}"})


def check(revision, name, value):
    """Asserts that `value` is a `name` of the revision."""
    found = validator(revision, name)
    assert found is not None, f"{revision} has no {name}"
    error = jsonschema.exceptions.best_match(found.iter_errors(value))
    assert error is None, f"not a {name} of {revision}: {error.message} at {error.json_path} in {value!r:.600}"


def can_be_asked(capabilities):
    """Whether a client that declares this shows forms."""
    elicitation = (capabilities or {}).get("elicitation")
    return elicitation is not None and ("form" in elicitation or "url" not in elicitation)


def check_sent(revision, message):
    """Asserts that what a client sends is a message of the revision."""
    if isinstance(message, list):
        check(revision, "JSONRPCMessage", message)
    elif "method" not in message:
        check(revision, RESPONSE[revision] if "result" in message else ERROR[revision], message)
        if "result" in message:
            check(revision, "ElicitResult", message["result"])
    elif "id" in message:
        check(revision, "JSONRPCRequest", message)
        if message["method"] in RESULTS:
            check(revision, "ClientRequest", message)
    else:
        check(revision, "JSONRPCNotification", message)
        check(revision, "ClientNotification", message)


def check_question(revision, request):
    """Asserts that a request of the server asks its person for one choice, in the way of the revision."""
    # The members of JSON-RPC stand beside those of the request, except where it is part of a result.
    bare = {name: request[name] for name in ("method", "params")} if revision == "2025-06-18" else request
    check(revision, "ElicitRequest", bare)
    params = request["params"]
    known = {"message", "requestedSchema"} | (set() if revision == "2025-06-18" else {"mode"})
    assert set(params) <= known, f"{set(params) - known} is not known to {revision}"
    form = params["requestedSchema"]
    assert len(form["properties"]) == 1 and form["required"] == list(form["properties"])
    (field,) = form["properties"].values()
    assert field["type"] == "boolean" and field.get("default") in (None, False)


def check_received(revision, message, method, capabilities=None):
    """Asserts that what the server sent is a message of the revision to a client with these capabilities; `method` is
    what the answer is to."""
    assert message.get("jsonrpc") == "2.0"
    if "method" in message and "id" in message:
        assert revision in ASKING, f"{revision} has no such requests from the server: {message}"
        assert message["method"] == "elicitation/create", f"a request that nobody declared: {message}"
        assert can_be_asked(capabilities), f"a question to a client that cannot be asked: {message}"
        check(revision, "JSONRPCRequest", message)
        check(revision, "ServerRequest", message)
        check_question(revision, message)
        return
    if "method" in message:
        check(revision, "JSONRPCNotification", message)
        check(revision, "ServerNotification", message)
        return
    if "error" in message:
        assert "result" not in message
        # JSON-RPC answers what it could not read with a null id; the older schemas forget to say so.
        readable = message if message.get("id", 0) is not None else {**message, "id": 0}
        check(revision, ERROR[revision], readable)
        return
    check(revision, RESPONSE[revision], message)
    result = message["result"]
    if method == "tools/call" and result.get("resultType") == "input_required":
        assert revision == MODERN
        check(revision, "InputRequiredResult", result)
        assert can_be_asked(capabilities), f"a question to a client that cannot be asked: {result}"
        assert result["inputRequests"] and result["requestState"]
        for request in result["inputRequests"].values():
            check_question(revision, request)
        return
    if method in RESULTS:
        check(revision, RESULTS[method], result)
    if method == "tools/list":
        for tool in result["tools"]:
            extra = set(tool) - TOOL_MEMBERS[revision]
            assert not extra, f"{tool['name']} has {extra}, which {revision} does not know"
    if method == "tools/call" and revision in RESULT_MEMBERS:
        extra = set(result) - RESULT_MEMBERS[revision]
        assert not extra, f"a result has {extra}, which {revision} does not know"
    if revision != MODERN:
        extra = set(result) & {"resultType", "ttlMs", "cacheScope"}
        assert not extra, f"a result has {extra}, which {revision} does not know"
