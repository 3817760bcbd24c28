import pytest

from service.web.pages.browsers import browser_named

LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS, ANDROID = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Linux; Android 10; K)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


class TestABrowser:
    @pytest.mark.parametrize(
        ("agent", "named"),
        [
            (f"{WINDOWS} {LIKE} Chrome/126.0.0.0 Safari/537.36", "Chrome, Windows"),
            (f"{WINDOWS} {LIKE} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge, Windows"),
            (f"{WINDOWS} {LIKE} Chrome/124.0.0.0 YaBrowser/24.6.0.0 Safari/537.36", "Yandex Browser, Windows"),
            (f"{ANDROID} {LIKE} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
            (f"{IPHONE} Version/17.4 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Linux"),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", ""),
        ],
    )
    def test_is_called_what_its_owner_calls_it(self, agent: str, named: str) -> None:
        assert browser_named(agent) == named
