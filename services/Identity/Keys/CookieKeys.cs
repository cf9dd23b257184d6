using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.Identity.Keys;

/// <summary>The framework's keys for cookies and forms: files in the ring's folder, each sealed under a key of the ring.</summary>
internal static class CookieKeys
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static FileSystemXmlRepository Repository(string ring, ILoggerFactory loggers)
    {
        var folder = Path.Combine(ring, "cookies");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(new DirectoryInfo(folder), loggers);
    }

    private static AesGcm Cipher(FileKeyRing ring) => new(ring.GetOrCreate("cookie-keys", 32), TagBytes);

    internal sealed class Encryptor(FileKeyRing ring) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement)
        {
            var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
            var box = new byte[NonceBytes + TagBytes + plain.Length];
            RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
            using var aes = Cipher(ring);
            aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
            return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(box)), typeof(Decryptor));
        }
    }

    /// <summary>Made by the framework from its name in the file.</summary>
    internal sealed class Decryptor(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement)
        {
            var box = Convert.FromBase64String(encryptedElement.Value);
            var plain = new byte[box.Length - NonceBytes - TagBytes];
            using var aes = Cipher(services.GetRequiredService<FileKeyRing>());
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), plain);
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
    }
}
