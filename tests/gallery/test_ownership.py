"""Who may see which rows is said once, in gallery/ownership.py."""

import ast

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models

from gallery.accounts.models import LinkedAccount
from gallery.explore.models import FollowedTag
from gallery.library.models import Album
from gallery.ownership import OwnedQuerySet
from tests.support.linking import link

pytestmark = pytest.mark.django_db


def owned_models() -> list[type[models.Model]]:
    every = [model for model in apps.get_models() if model.__module__.startswith("gallery.")]
    return [model for model in every if isinstance(model._default_manager.all(), OwnedQuerySet)]


def has_a_person(model: type[models.Model]) -> bool:
    """Rows with a person of their own, beside those that are one for each person (`Timeline`)."""
    fields = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    return any(field.related_model is User for field in fields if not field.one_to_one)


def test_ownership_is_defined_in_one_place() -> None:
    sources = (settings.BASE_DIR / "gallery").rglob("*.py")
    definitions = [
        path.name
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "visible_to"
    ]
    assert definitions == ["ownership.py"]


def test_every_model_with_a_person_is_owned() -> None:
    every = [model for model in apps.get_models() if model.__module__.startswith("gallery.")]
    assert {model for model in every if has_a_person(model)} <= set(owned_models())


def test_somebody_who_is_not_signed_in_owns_nothing(alice: User) -> None:
    FollowedTag.objects.create(account=link(alice), name="mar", key="mar")
    for model in owned_models():
        rows = model._default_manager.all()
        assert isinstance(rows, OwnedQuerySet)
        assert not rows.visible_to(AnonymousUser()).exists(), model


def test_a_person_sees_what_is_theirs_alone(alice: User, bob: User) -> None:
    account = link(alice)
    album = Album.objects.create(account=account, owner=alice, remote_id="1")
    assert list(Album.objects.visible_to(alice)) == [album]
    assert not Album.objects.visible_to(bob).exists()


def test_an_account_that_is_being_unlinked_is_hidden_with_the_tags_it_follows(alice: User) -> None:
    account = link(alice)
    tag = FollowedTag.objects.create(account=account, name="mar", key="mar")
    assert list(FollowedTag.objects.visible_to(alice)) == [tag]
    LinkedAccount.objects.update(state=LinkedAccount.State.LEAVING)
    assert not LinkedAccount.objects.visible_to(alice).exists()
    assert not FollowedTag.objects.visible_to(alice).exists()
