"""The bill of materials that the image gets, made of the shipped program and its libraries, beside spdx-tools."""

import importlib.util
import pathlib
import shutil
import subprocess
import sys

import artifacts
import packages
from harness import check

SCALE = 0
WORKER = None
BUDGET = 120

_LIST = pathlib.Path(__file__).resolve().parents[1] / "spdx-packages.txt"


def prepare():
    packages.python_path(_LIST, "spdx")


def _sbom():
    """docker/dev/sbom.py as a module."""
    spec = importlib.util.spec_from_file_location("sbom", artifacts.ROOT / "docker/dev/sbom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _image(program, folder):
    """The files of the image that make a difference here: the program, and the libraries that its loader takes."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "usr/bin").mkdir(parents=True)
    shutil.copy(program, folder / "usr/bin/lambda-connector")
    told = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    for library in {word for word in told.split() if word.startswith("/")}:
        (folder / library[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, folder / library[1:])
    return folder


def _messages(file):
    """What spdx-tools finds wrong."""
    path = str(packages.python_path(_LIST, "spdx"))
    if path not in sys.path:
        sys.path.insert(0, path)
    from spdx_tools.spdx.parser.error import SPDXParsingError
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    try:
        return [one.validation_message for one in validate_full_spdx_document(parse_file(str(file)))]
    except SPDXParsingError as problem:
        return problem.get_messages()


def case_the_program_does_not_depend_on_its_folder(e2e):
    """The same sources give the same bytes, wherever they are: no path of this checkout is in the program."""
    check(str(artifacts.ROOT).encode() not in pathlib.Path(e2e.program).read_bytes(), "the program holds the path of its sources")


def case_spdx_tools_take_the_bill_of_materials(e2e):
    sbom = _sbom()
    folder = _image(e2e.program, artifacts.BUILD / "sbom-image")
    made = sbom.document(pathlib.Path(e2e.program).parent, folder, "0.1.0", 1_700_000_000)
    file = artifacts.BUILD / "lambda-connector.spdx.json"
    file.write_text(sbom.json.dumps(made))
    found = _messages(file)
    check(not found, f"spdx-tools: {found[:5]}")
    names = {one["name"] for one in made["packages"]}
    for name in ("libgrpc-dev", "libssl-dev", "libprotobuf-dev", "rapidjson-dev", "libboost1.81-dev", "libyaml-dev", "libc6", "libfmt9"):
        check(name in names, f"the bill of materials lacks {name}: {sorted(names)}")
    made["packages"][2]["licenseDeclared"] = "No such licence"
    file.write_text(sbom.json.dumps(made))
    check(_messages(file), "spdx-tools take a licence that there is not")
