"""Pictures of pages with a palette: a third of the octets. What a page has is flat: 256 colours are as good as all."""
import base64
import struct
import zlib

import numpy

PIXELS = """
const done = arguments[1];
const image = new Image();
image.onload = () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const drawing = canvas.getContext('2d');
  drawing.drawImage(image, 0, 0);
  const octets = drawing.getImageData(0, 0, image.width, image.height).data;
  let text = '';
  for (let n = 0; n < octets.length; n += 8192) text += String.fromCharCode(...octets.subarray(n, n + 8192));
  done([image.width, image.height, btoa(text)]);
};
image.src = 'data:image/png;base64,' + arguments[0];
"""


def pixels(browser, png):
    """A row of colours, red, green and blue, for each row of a PNG."""
    width, height, octets = browser.driver.execute_async_script(PIXELS, base64.b64encode(png).decode())
    return numpy.frombuffer(base64.b64decode(octets), numpy.uint8).reshape(height, width, 4)[:, :, :3]


def covering(colors, most=256):
    """As few of them, the first ones, as leave none further from all than it has to be."""
    for apart in range(2, 256):
        chosen, left = [], colors.astype(int)
        while len(left) and len(chosen) < most:
            chosen.append(left[0])
            left = left[((left - left[0]) ** 2).sum(axis=1) > apart ** 2]
        if not len(left):
            return numpy.array(chosen)


def with_palette(browser, png):
    picture = pixels(browser, png)
    height, width, _ = picture.shape
    colors, where, count = numpy.unique(picture.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    palette = covering(colors[numpy.argsort(-count)])
    nearest = numpy.array([((palette - color) ** 2).sum(axis=1).argmin() for color in colors.astype(int)], numpy.uint8)
    rows = numpy.concatenate([numpy.zeros((height, 1), numpy.uint8), nearest[where].reshape(height, width)], axis=1)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
            + chunk(b"PLTE", palette.astype(numpy.uint8).tobytes()) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + chunk(b"IEND", b""))
