using System.Security.Cryptography;
using System.Text;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>A file that a contact sent.</summary>
internal sealed record MediaFile(string Id, string MimeType, byte[] Bytes, DateTimeOffset At)
{
    public string Sha256Base64 => Convert.ToBase64String(SHA256.HashData(Bytes));

    public string Sha256Hex => Convert.ToHexStringLower(SHA256.HashData(Bytes));
}

/// <summary>Contacts' files and the short-lived addresses under which they may be fetched.</summary>
internal sealed class MediaStore(IWebHostEnvironment environment, TimeProvider clock)
{
    private static readonly TimeSpan UrlLife = TimeSpan.FromMinutes(5);
    private readonly BoundedMap<string, MediaFile> _files = new(2_000);
    private readonly BoundedMap<string, (string MediaId, DateTimeOffset Until)> _urls = new(10_000);

    public static bool IsMedia(string type) => type is "image" or "audio" or "video" or "document" or "sticker";

    public MediaFile? Find(string id) => _files.TryGet(id, out var file) ? file : null;

    public MediaFile Make(string type, string? mimeType, string? base64)
    {
        var (mime, bytes) = type switch
        {
            "image" => ("image/png", SmallPicture.Draw()),
            "audio" => ("audio/ogg; codecs=opus", VoiceNote.Silence(seconds: 2)),
            "sticker" => ("image/webp", File.ReadAllBytes(Path.Combine(environment.WebRootPath, "media", "sticker.webp"))),
            "document" => ("text/plain", Encoding.UTF8.GetBytes("A document of the sandbox.\n")),
            _ => ("video/mp4", [0, 0, 0, 20, .. "ftypisom"u8, 0, 0, 2, 0, .. "isom"u8]),
        };
        var file = new MediaFile(
            RandomIds.Digits(16),
            mimeType ?? mime,
            base64 is null ? bytes : Convert.FromBase64String(base64),
            clock.GetUtcNow()
        );
        _files.Set(file.Id, file);
        return file;
    }

    public string MakeUrlKey(MediaFile file)
    {
        var key = RandomIds.Alphanumeric(32);
        _urls.Set(key, (file.Id, clock.GetUtcNow() + UrlLife));
        return key;
    }

    public MediaFile? ByUrlKey(string key) => _urls.TryGet(key, out var url) && url.Until >= clock.GetUtcNow() ? Find(url.MediaId) : null;

    public void Clear()
    {
        _files.Clear();
        _urls.Clear();
    }
}
