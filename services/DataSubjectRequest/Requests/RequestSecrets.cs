using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Subjects;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>
/// The secret of a link, and the codes that follow from it: who has the link sees the code, and the database holds hashes only.
/// </summary>
internal sealed class RequestSecrets(FileKeyRing ring)
{
    private const int SecretBytes = 32;

    /// <summary>How long a code is waited for.</summary>
    public static TimeSpan CodeLife { get; } = TimeSpan.FromMinutes(30);

    /// <summary>A new link's secret.</summary>
    public static string NewLink() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What is kept of it.</summary>
    public static byte[] HashOf(string link) => SHA256.HashData(Encoding.UTF8.GetBytes(link));

    /// <summary>The number-th code of a request.</summary>
    public string CodeOf(SubjectRequestId request, string link, int number)
    {
        var secret = ring.GetOrCreate("proof-code", SecretBytes);
        return ProofCode.Of(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{request}:{link}:{number}")));
    }
}
