"""Batches: up to thirty operations, each with its own answer or Fault. No voids, uploads or CDC in here: whether
QuickBooks does them in a batch is [UNCONFIRMED].
"""

from collections.abc import Callable
from typing import Any

from dunwell.sandbox.quickbooks.wire import Body, Refused, fault, missing, unsupported
from dunwell.sandbox.quickbooks.writing.incoming import too_long

MOST = 30
MOST_REQUEST_ID = 36
MOST_ITEM_ID = 10


def run(
    request: Any,
    answer: Callable[[str, Body, str], Body],
    query: Callable[[str], Body],
    replayed: dict[str, Body] | None,
) -> list[Body]:
    """The item answers, in the order of the request. Raises `Refused` for the batch as a whole.

    `answer(entity, object, operation)` and `query(text)` do one item. `replayed` are the answers already given under
    this request id, by bId; None without one.
    """
    items = request.get("BatchItemRequest") if isinstance(request, dict) else None
    if not isinstance(items, list) or not items:
        raise missing("BatchItemRequest")
    if len(items) > MOST:
        detail = f"The batch size of {len(items)} exceeds the limit of {MOST}."
        raise Refused("1040", "Batch size exceeds allowed limit", detail)
    return [_one(item, answer, query, replayed) for item in items]


def _one(
    item: Body, answer: Callable[[str, Body, str], Body], query: Callable[[str], Body], replayed: dict[str, Body] | None
) -> Body:
    item_id = str(item.get("bId", ""))
    if replayed is not None and item_id in replayed:
        return replayed[item_id]
    if replayed is not None and len(item_id) > MOST_ITEM_ID:
        return {"Fault": fault(too_long("bId", MOST_ITEM_ID, len(item_id))), "bId": item_id}
    try:
        done = _done(item, answer, query)
    except Refused as refused:
        return {"Fault": fault(refused), "bId": item_id}
    made = {**done, "bId": item_id}
    if replayed is not None and "Query" not in item:
        replayed[item_id] = made
    return made


def _done(item: Body, answer: Callable[[str, Body, str], Body], query: Callable[[str], Body]) -> Body:
    if "Query" in item:
        return query(str(item["Query"]))
    entity = next((name for name in item if name not in ("bId", "operation", "optionsData")), None)
    if entity is None or item.get("operation") not in ("create", "update", "delete") or "optionsData" in item:
        raise unsupported(f"{item.get('operation')} {entity or ''} in a batch")
    return answer(entity, item[entity], str(item["operation"]))
