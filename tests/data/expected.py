"""What must come of a transactions file: features, predictions and offer of every member, worked out from their
definitions with nothing but Python's standard library, so that the service is tested against something that is not
itself.

    python3 tests/data/expected.py events/sample.csv 2024-01-31 tests/data/expected-sample

writes `<prefix>.csv`, one line per member in order of first appearance, and `<prefix>.json`, the counts and the
rejected rows.
"""

import csv
import json
import math
import re
import sys
from collections import Counter
from datetime import date, datetime, timezone

BLANKS = {"", "na", "n/a", "#n/a", "#nv", "#n/d", "nan", "1.#qnan", "null", "<null>", "[null]", "undefined", "none", "n.a."}
BLANKS |= {"nat", "<na>", "(null)", "(blank)", "(not set)", "\\n", "nil", "-", "--", "0000-00-00"}
KINDS = ("buy", "gift", "redeem")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
NO_TIME = datetime(1990, 1, 1, tzinfo=timezone.utc)
COLUMNS = {
    "member": ("memberid",),
    "time": ("lasttransactionts", "lasttransactionutcts", "lasttransatcionutcts"),
    "kind": ("lasttransactiontype",),
    "points": ("lasttransactionpointsbought",),
    "revenue": ("lasttransactionrevenueusd",),
}


class Rejected(Exception):
    """A row that does not count, with the reason."""


def blank(text):
    return text.strip().lower() in BLANKS


def number(text):
    if blank(text):
        return 0.0
    # All columns of this file have decimal points, and amounts are in USD.
    bare = text.strip().removeprefix("$")
    if not NUMBER.fullmatch(bare):
        raise Rejected("unreadable number")
    return float(bare)


def kind_of(text):
    if blank(text):
        return None
    kind = text.strip().lower()
    if kind not in KINDS:
        raise Rejected("unknown type")
    return kind


def instant(text, as_of):
    if blank(text):
        return NO_TIME
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Rejected("impossible date") from None
    time = time.replace(tzinfo=timezone.utc) if time.tzinfo is None else time.astimezone(timezone.utc)
    if time.date() > as_of:
        raise Rejected("after the as-of day")
    return time


def rows_of(path):
    """Every row with the line on which it begins; the header is line 1."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        line = 1
        for fields in reader:
            yield line, fields
            line = reader.line_num + 1


def places_of(header):
    names = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in header]
    return {meaning: next(names.index(n) for n in known if n in names) for meaning, known in COLUMNS.items()}


def whole(fields, header):
    """A row with as many fields as the header: blank cells at the end may be left out, where some value is there."""
    if 1 < len(fields) < len(header) and any(text.strip() for text in fields[1:]):
        return fields + [""] * (len(header) - len(fields))
    if len(fields) != len(header):
        raise Rejected("too few fields" if len(fields) < len(header) else "too many fields")
    return fields


def transaction(fields, header, places, as_of):
    fields = whole(fields, header)
    cell = {meaning: fields[place] for meaning, place in places.items()}
    if blank(cell["member"]):
        raise Rejected("blank member")
    return cell["member"].strip(), {
        "time": instant(cell["time"], as_of),
        "kind": kind_of(cell["kind"]),
        "points": number(cell["points"]),
        "revenue": number(cell["revenue"]),
        "imputed": sum(blank(cell[meaning]) for meaning in ("time", "kind", "points", "revenue")),
    }


def mean(values):
    return math.fsum(values) / len(values)


def outcome(member, transactions, as_of):
    # Python's sort is stable: of two at the same time the later line stays the later one.
    recent = sorted(transactions, key=lambda t: t["time"])[-3:]
    kinds = Counter(t["kind"] for t in transactions)
    buy, gift, redeem = (kinds[kind] / len(transactions) for kind in KINDS)
    points, revenue = mean([t["points"] for t in transactions]), mean([t["revenue"] for t in transactions])
    points3, revenue3 = mean([t["points"] for t in recent]), mean([t["revenue"] for t in recent])
    days = (as_of - recent[-1]["time"].date()).days
    ats = abs((0.7 * points3 + 0.3 * points) * max(0.0, buy + gift - redeem))
    interest = 0.4 * buy + 0.3 * gift + 0.3 * redeem
    resp = min(0.9, 1000 * interest * ((0.3 * revenue + 0.7 * revenue3) / 100) / (days + 1))
    return {
        "MEMBER_ID": member,
        "TRANSACTIONS": len(transactions),
        "IMPUTED_VALUES": sum(t["imputed"] for t in transactions),
        "AVG_POINTS_BOUGHT": points,
        "AVG_REVENUE_USD": revenue,
        "LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT": points3,
        "LAST_3_TRANSACTIONS_AVG_REVENUE_USD": revenue3,
        "PCT_BUY_TRANSACTIONS": buy,
        "PCT_GIFT_TRANSACTIONS": gift,
        "PCT_REDEEM_TRANSACTIONS": redeem,
        "DAYS_SINCE_LAST_TRANSACTION": days,
        "ATS_PREDICTION": ats,
        "RESP_PREDICTION": resp,
        "OFFER": "OFFER_2" if ats * resp >= 200 else "OFFER_1",
    }


def counts_of(as_of, read, rejected, outcomes):
    """What a run counts: rows, members, and the members of each offer where the partner makes offers."""
    return {
        "asOf": as_of.isoformat(),
        "rows": {
            "read": read,
            "accepted": read - len(rejected),
            "rejected": len(rejected),
            "imputed": sum(o["IMPUTED_VALUES"] for o in outcomes),
        },
        "members": len(outcomes),
        "offers": dict(sorted(Counter(o["OFFER"] for o in outcomes if "OFFER" in o).items())),
        "rejectedRows": rejected,
    }


def expected(path, as_of):
    rows = rows_of(path)
    _, header = next(rows)
    places = places_of(header)
    members, rejected, read = {}, [], 0
    for line, fields in rows:
        read += 1
        try:
            member, row = transaction(fields, header, places, as_of)
            members.setdefault(member, []).append(row)
        except Rejected as reason:
            rejected.append({"line": line, "reason": str(reason)})
    outcomes = [outcome(member, rows, as_of) for member, rows in members.items()]
    return outcomes, counts_of(as_of, read, rejected, outcomes)


def write(prefix, outcomes, counts):
    with open(f"{prefix}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, outcomes[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(outcomes)
    with open(f"{prefix}.json", "w", encoding="utf-8") as file:
        json.dump(counts, file, indent=2)
        file.write("\n")


def main():
    path, as_of, prefix = sys.argv[1:]
    write(prefix, *expected(path, date.fromisoformat(as_of)))


if __name__ == "__main__":
    main()
