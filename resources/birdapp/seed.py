"""Puts the birds of birds.csv into the database: python seed.py

What was in the table goes. Both happen in one transaction, so that nobody ever sees an empty table, and a failure
leaves everything as it was. It may be run as often as you like.
"""

import csv
from pathlib import Path

from app import app
from models import Bird, db


def seed():
    with open(Path(__file__).with_name("birds.csv"), encoding="utf-8", newline="") as file:
        birds = [Bird(name=row["name"], species=row["species"]) for row in csv.DictReader(file)]
    with app.app_context():
        db.session.execute(db.delete(Bird))
        # The numbers begin at 1 again. Unlike setval(), this is undone if the transaction fails.
        db.session.execute(db.text("ALTER SEQUENCE birds_id_seq RESTART WITH 1"))
        db.session.add_all(birds)
        db.session.commit()
    print(f"{len(birds)} birds seeded.")


if __name__ == "__main__":
    seed()
