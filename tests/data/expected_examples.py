"""What must come of the files of the example partners: features, predictions and offer of every member, worked out from
what their partner files mean with nothing but Python's standard library, as in expected.py.

    python3 tests/data/expected_examples.py retailer events/retailer.csv 2024-01-31 tests/data/expected-retailer
    python3 tests/data/expected_examples.py newsletter events/newsletter.csv 2024-01-31 tests/data/expected-newsletter

writes `<prefix>.csv`, one line per member in order of first appearance, and `<prefix>.json`, the counts and the
rejected rows.
"""

import csv
import re
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from expected import Rejected, counts_of, mean, whole, write


def rows_of(path, delimiter):
    """Every row with the line on which it begins; the header is line 1."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        line = 1
        for fields in reader:
            yield line, fields
            line = reader.line_num + 1


def cells_of(fields, header):
    return {title: cell.strip() for title, cell in zip(header, whole(fields, header))}


def local_time(text, pattern, zone):
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Rejected("impossible date") from None


def not_after(time, as_of):
    if time.date() > as_of:
        raise Rejected("after the as-of day")
    return time


def member_of(text):
    if text == "":
        raise Rejected("blank member")
    return text


def in_days(transactions, days, as_of):
    """Those of the days that end with the as-of day; days are those of the clocks where the times are from."""
    first = as_of - timedelta(days=days - 1)
    return [t for t in transactions if first <= t["time"].date()]


def recent(transactions, count):
    # Python's sort is stable: of two at the same time the later line stays the later one.
    return sorted(transactions, key=lambda t: t["time"].astimezone(timezone.utc))[-count:]


def share(some, all_of_them, default):
    return len(some) / len(all_of_them) if all_of_them else default


class Retailer:
    delimiter = ";"
    blanks = {"", "-", "k.a."}
    kinds = {"purchase": "purchase", "kauf": "purchase", "k": "purchase", "return": "return", "rückgabe": "return"}
    number = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")

    def transaction(self, cell, as_of):
        member = member_of("" if cell["Kundennummer"].lower() in self.blanks else cell["Kundennummer"])
        time = not_after(local_time(cell["Datum"], "%d.%m.%Y %H:%M", "Europe/Berlin"), as_of)
        kind, amount = self.kind(cell["Vorgang"]), self.amount(cell["Betrag"])
        return member, {"time": time, "kind": kind, "amount": amount, "imputed": (kind is None) + (amount is None)}

    def kind(self, text):
        if text.lower() in self.blanks:
            return None
        if text.lower() not in self.kinds:
            raise Rejected("unknown type")
        return self.kinds[text.lower()]

    def amount(self, text):
        if text.lower() in self.blanks:
            return None
        bare = re.sub(r"\s*€$", "", text)
        if not self.number.fullmatch(bare):
            raise Rejected("unreadable number")
        return float(bare.replace(".", "").replace(",", "."))

    def outcome(self, transactions, as_of):
        purchases = [t for t in transactions if t["kind"] == "purchase"]
        amounts = lambda some: [t["amount"] for t in some if t["amount"] is not None]
        average = lambda some: mean(amounts(some)) if amounts(some) else 0.0
        year = in_days(transactions, 365, as_of)
        spent, basket = sum(amounts(in_days(purchases, 90, as_of))), average(purchases)
        # The five most recent purchases; those among them without an amount are not part of the mean.
        basket5 = average(recent(purchases, 5))
        returned = share([t for t in year if t["kind"] == "return"], year, 0.0)
        days = min(((as_of - t["time"].date()).days for t in purchases), default=9999)
        spend = (0.6 * (spent / 3) + 0.4 * basket5) * (1 - returned)
        leaves = days / (days + 30 * len(transactions))
        at_risk = spend * leaves
        return {
            "VISITS": len(transactions),
            "SPEND_90D": spent,
            "AVG_BASKET": basket,
            "LAST_5_AVG_BASKET": basket5,
            "RETURN_SHARE_365D": returned,
            "DAYS_SINCE_PURCHASE": days,
            "SPEND_PREDICTION": spend,
            "LEAVES_PREDICTION": leaves,
            "BASKET_PREDICTION": 0.7 * basket5 + 0.3 * basket,
            "OFFER": "COUPON_20" if at_risk >= 50 else "COUPON_10" if at_risk >= 10 else "NO_COUPON",
        }


class Newsletter:
    delimiter = ","
    reactions = {
        "": "ignored",
        "ignored": "ignored",
        "opened": "opened",
        "open": "opened",
        "clicked": "clicked",
        "click": "clicked",
    }
    number = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")

    def transaction(self, cell, as_of):
        member = member_of(cell["Subscriber"])
        time = not_after(local_time(cell["Sent at"], "%m/%d/%Y %I:%M %p", "America/New_York"), as_of)
        joined = local_time(cell["Joined"], "%b %d, %Y", "America/New_York") if cell["Joined"] else None
        reaction = self.reactions.get(cell["Reaction"].lower())
        if reaction is None:
            raise Rejected("unknown type")
        imputed = sum(cell[title] == "" for title in ("Joined", "Reaction", "Seconds read"))
        seconds = self.seconds(cell["Seconds read"])
        return member, {"time": time, "joined": joined, "reaction": reaction, "seconds": seconds, "imputed": imputed}

    def seconds(self, text):
        if text == "":
            return 0.0
        if not self.number.fullmatch(text):
            raise Rejected("unreadable number")
        return float(text.replace(",", ""))

    def outcome(self, transactions, as_of):
        last = recent(transactions, 10)
        opened = share([t for t in last if t["reaction"] != "ignored"], last, 0.0)
        clicks = len([t for t in in_days(transactions, 60, as_of) if t["reaction"] == "clicked"])
        joined = [t["joined"].date() for t in transactions if t["joined"] is not None]
        return {
            "ISSUES": len(transactions),
            "LAST_10_OPENED": opened,
            "CLICKS_60D": clicks,
            "LONGEST_READ": max(t["seconds"] for t in transactions),
            "DAYS_SUBSCRIBED": (as_of - min(joined)).days if joined else 0,
            "UNSUBSCRIBES_PREDICTION": 0.8 * (1 - opened) + 0.2 / (1 + clicks),
        }


PARTNERS = {"retailer": Retailer(), "newsletter": Newsletter()}


def expected(partner, path, as_of):
    rows = rows_of(path, partner.delimiter)
    _, header = next(rows)
    members, rejected, read = {}, [], 0
    for line, fields in rows:
        read += 1
        try:
            member, row = partner.transaction(cells_of(fields, header), as_of)
            members.setdefault(member, []).append(row)
        except Rejected as reason:
            rejected.append({"line": line, "reason": str(reason)})
    outcomes = [
        {
            "MEMBER_ID": member,
            "TRANSACTIONS": len(transactions),
            "IMPUTED_VALUES": sum(t["imputed"] for t in transactions),
            **partner.outcome(transactions, as_of),
        }
        for member, transactions in members.items()
    ]
    return outcomes, counts_of(as_of, read, rejected, outcomes)


def main():
    name, path, as_of, prefix = sys.argv[1:]
    write(prefix, *expected(PARTNERS[name], path, date.fromisoformat(as_of)))


if __name__ == "__main__":
    main()
