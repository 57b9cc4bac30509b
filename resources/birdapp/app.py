"""The bird API: GET /birds lists all birds, GET /birds/<id> gives one."""

import os

from flask import Flask
from flask_migrate import Migrate
from flask_restful import Api, Resource

from models import Bird, db


def database_uri():
    """The database's address, from the environment: it holds the password, so it never stands in a file of the app."""
    uri = os.environ.get("DATABASE_URI")
    if not uri:
        raise RuntimeError(
            "DATABASE_URI is not set. It says which database to use: postgresql://user:password@host/database"
        )
    # SQLAlchemy no longer knows the short scheme that some hosts still hand out.
    if uri.startswith("postgres://"):
        uri = "postgresql://" + uri.removeprefix("postgres://")
    return uri


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = database_uri()
app.json.sort_keys = False

db.init_app(app)
migrate = Migrate(app, db)
api = Api(app)


class Index(Resource):
    def get(self):
        return {"message": "Welcome to the bird API", "birds": "/birds"}


class Birds(Resource):
    def get(self):
        birds = db.session.scalars(db.select(Bird).order_by(Bird.id))
        return [bird.to_dict() for bird in birds]


class BirdByID(Resource):
    def get(self, id):
        bird = db.session.get(Bird, id)
        if bird is None:
            return {"error": "Bird not found"}, 404
        return bird.to_dict()


api.add_resource(Index, "/")
api.add_resource(Birds, "/birds")
api.add_resource(BirdByID, "/birds/<int:id>")
