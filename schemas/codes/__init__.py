"""Code lists: dated words with a source, and partners' codes mapped onto them. Plain data, no Polars."""

from schemas.codes.code_list import Code, CodeList, load, names
from schemas.codes.code_map import CodeMap, MappedCode, Standing
from schemas.codes.errors import CodeListError

__all__ = ["Code", "CodeList", "CodeListError", "CodeMap", "MappedCode", "Standing", "load", "names"]
