"""Kinds of import contracts that know which services there are (pyproject.toml names them)."""

from typing import Any

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from providers.registry import SERVICES


class ServicesLayers(LayersContract):
    """Layers in which SERVICES stands for all services, side by side."""

    type_name = "services_layers"

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        ids = " | ".join(package.rpartition(".")[2] for package in SERVICES)
        layers = [ids if layer == "SERVICES" else layer for layer in contract_options["layers"]]
        super().__init__(name, session_options, contract_options | {"layers": layers})


class ServicesProtected(ProtectedContract):
    """Nothing but a service itself imports any of it."""

    type_name = "services_protected"

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        added = {"protected_modules": list(SERVICES), "allowed_importers": []}
        super().__init__(name, session_options, contract_options | added)


class OwnViews(ProtectedContract):
    """The views of an app are imported by the urls of the same app, and by nothing else."""

    type_name = "own_views"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        for urls in graph.find_matching_modules("gallery.*.urls"):
            views = urls.replace(".urls", ".views")
            for imported in graph.find_modules_directly_imported_by(urls):
                if f"{imported}.".startswith(f"{views}."):
                    graph.remove_import(importer=urls, imported=imported)
        return super().check(graph, verbose)
