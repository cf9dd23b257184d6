using System.Text;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>Message ids as Meta makes them: base64 over a small binary record that holds the contact's number in clear.</summary>
internal static class Wamids
{
    public static string Make(string contact, bool inbound)
    {
        var number = Encoding.ASCII.GetBytes(contact);
        var id = Encoding.ASCII.GetBytes(RandomIds.Hex(20).ToUpperInvariant());
        byte[] record =
        [
            0x1c,
            0x18,
            (byte)number.Length,
            .. number,
            0x15,
            0x02,
            0x00,
            inbound ? (byte)0x12 : (byte)0x11,
            0x18,
            (byte)id.Length,
            .. id,
            0x00,
        ];
        return "wamid." + Convert.ToBase64String(record);
    }
}
