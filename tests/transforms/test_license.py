"""Licences to SPDX, and copyright notices."""

from __future__ import annotations

import pytest

from transforms.license import copyright_notice_of, spdx_of


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("All Content is licensed under a Creative Commons Attribution 4.0 International License.", "CC-BY-4.0"),
        ("Creative Commons Attribution-ShareAlike 3.0 Unported License", "CC-BY-SA-3.0"),
        ("CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0"),
        ("Creative-Commons-Lizenz: Namensnennung – Keine Bearbeitung 4.0", "CC-BY-ND-4.0"),
        ("Bajo licencia Creative Commons Reconocimiento-NoComercial 4.0", "CC-BY-NC-4.0"),
        ("Bajo licencia Creative Commons Reconocimiento", None),
        ("Onder de licentie Creative Commons Naamsvermelding 4.0", "CC-BY-4.0"),
        ("بموجب رخصة المشاع الإبداعي نسب المصنف 4.0", "CC-BY-4.0"),
        ("本文采用知识共享署名4.0国际许可协议", "CC-BY-4.0"),
        ("クリエイティブ・コモンズ 表示 - 非営利 4.0 国際ライセンス", "CC-BY-NC-4.0"),
        ("Attribution-NonCommercial-ShareAlike 3.0 Germany", "CC-BY-NC-SA-3.0-DE"),
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/de/", "CC-BY-SA-3.0-DE"),
        ("https://creativecommons.org/licenses/by-sa/3.0/pe/", "CC-BY-SA-3.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("Open Government Licence v3.0", "OGL-UK-3.0"),
        ("under a Creative Commons licence", None),
        ("CC BY", None),
        ("CC BY 9.0", None),
        ("All rights reserved.", None),
        ("", None),
    ],
)
def test_spdx(text: str, spdx: str | None) -> None:
    assert spdx_of(text) == spdx


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("©\u00a02021  Example Media. All rights reserved.", "© 2021 Example Media. All rights reserved."),
        ("Copyright 2020 The Daily Example.", "Copyright 2020 The Daily Example."),
        ("Copyright AP", "Copyright AP"),
        ("All rights reserved.", "All rights reserved."),
        ("Copyright law is changing.", None),
        ("They reserved all rights.", None),
    ],
)
def test_copyright(line: str, notice: str | None) -> None:
    assert copyright_notice_of(line) == notice
