"""Volume: what is really played. baresip's sndfile writes it down."""
import glob
import re
import struct
import threading
import wave

import pytest

from process import until

LOUD = 0x8f                     # a G.711 u-law sample, and what it stands for
LEVEL = 16764
WINDOW = 800                    # samples, a tenth of a second


class Tone:
    """The other party's voice: packets of a steady tone, till the test ends"""

    def __init__(self, call, address):
        self.call = call
        self.address = address
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._speak)
        self._thread.start()

    def _speak(self):
        sequence = 0
        while not self._over.wait(0.02):
            head = struct.pack("!BBHII", 0x80, 0, sequence & 0xffff,
                               sequence * 160, 1)
            self.call.rtp.sendto(head + bytes([LOUD, LOUD ^ 0x80]) * 80,
                                 self.address)
            sequence += 1

    def close(self):
        """Be silent"""
        self._over.set()
        self._thread.join()


@pytest.fixture
def line(alice, peer):
    """A registered phone that takes keys and writes down what it plays"""
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000)
    alice.extra = [f"snd_path {alice.dir}", "module sndfile.so"]
    alice.start()
    return peer.contact("alice")


def speak(phone, peer, line, closing):
    """A call in which the other party speaks"""
    call = peer.invite(line)
    call.wait_ringing()
    phone.wait_event("CALL_INCOMING")
    assert peer.key(line, "key=OK").status == 200
    answer = call.wait_final()
    phone.wait_event("CALL_ESTABLISHED")
    host = re.search(r"c=IN IP4 (\S+)", answer.body).group(1)
    port = re.search(r"m=audio (\d+)", answer.body).group(1)
    closing.append(Tone(call, (host, int(port))))
    return call


def wait_level(phone, level):
    """Wait till the last of what was played is as loud as this"""
    def played():
        files = sorted(glob.glob(phone.path("*dec.wav")))
        if not files:
            return None
        with open(files[-1], "rb") as wav:
            last = wav.read()[44:][-2 * WINDOW:]
        if len(last) < 2 * WINDOW:
            return None
        peaks = [abs(s) for s in struct.unpack(f"<{WINDOW}h", last)]
        return abs(min(peaks) - level) <= 12 + level / 100 and \
            abs(max(peaks) - level) <= 12 + level / 100

    until(f"sound at {level}", played, context=phone.process.log)


def press(peer, line, keys):
    """Keys by NOTIFY"""
    assert peer.key(line, f"key={keys}").status == 200


def test_volume(alice, peer, line, closing):
    """Three dB a step; silence at the bottom, no louder than loud at the
    top, and nothing beyond"""
    call = speak(alice, peer, line, closing)
    wait_level(alice, LEVEL)
    press(peer, line, "VOLUME_DOWN;VOLUME_DOWN")
    wait_level(alice, LEVEL * 10 ** (-6 / 20))
    press(peer, line, ";".join(["VOLUME_DOWN"] * 7))
    wait_level(alice, LEVEL * 10 ** (-27 / 20))
    press(peer, line, "VOLUME_DOWN")
    wait_level(alice, 0)
    press(peer, line, "VOLUME_DOWN")
    alice.wait_journal(key="VOLUME_DOWN", result="no-effect")
    press(peer, line, ";".join(["VOLUME_UP"] * 15))
    wait_level(alice, 32767)
    press(peer, line, "VOLUME_UP")
    alice.wait_journal(key="VOLUME_UP", result="no-effect")
    assert call.bye().status == 200


def heard(call):
    """The next packet of sound that the phone sends: is anything in it?"""
    while True:
        data = call.rtp.recv(2048)
        if data[1] & 0x7f == 0:
            return any(sample & 0x7f != 0x7f for sample in data[12:])


def test_mute(alice, peer):
    """What is said there is no longer heard here, and then it is again"""
    alice.config = alice.config.replace("silence.wav", "tone.wav")
    with wave.open(alice.path("tone.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack("<2h", LEVEL, -LEVEL) * 8000 * 60)
    alice.settings.update(remote_control="allow", at_boot="no", quota=1000)
    alice.start()
    line = peer.contact("alice")
    call = peer.invite(line)
    call.wait_ringing()
    alice.wait_event("CALL_INCOMING")
    press(peer, line, "OK")
    assert call.wait_final().status == 200
    alice.wait_event("CALL_ESTABLISHED")
    for loud in (True, False, True):
        until("sound" if loud else "silence", lambda x=loud:
              heard(call) == x, context=alice.process.log)
        press(peer, line, "MUTE")
    until("silence", lambda: not heard(call))
    # A call begins as one that is not muted
    assert call.bye().status == 200
    alice.wait_event("CALL_CLOSED")
    press(peer, line, "number=300")
    call = peer.accept(peer.wait_request("INVITE"))
    until("sound", lambda: heard(call), context=alice.process.log)
    assert call.bye().status == 200


def test_idle(alice, peer, line, closing):
    """Set while no call is up, it holds for the next one"""
    press(peer, line, "VOLUME_DOWN")
    call = speak(alice, peer, line, closing)
    wait_level(alice, LEVEL * 10 ** (-3 / 20))
    assert call.bye().status == 200
