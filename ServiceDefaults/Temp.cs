#pragma warning disable
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WpAsis.Privacy.Sealing
{
    public sealed class SealedText
    {
        public byte[] B;
    }

    public sealed class SealedTextColumn : ValueConverter<SealedText, byte[]>
    {
        public SealedTextColumn()
            : base(x => x.B, b => new SealedText { B = b }) { }
    }
}

namespace WpAsis.Privacy.Vault
{
    public static class V
    {
        public static void MapVault(this ModelBuilder b) { }
    }
}

namespace WpAsis.Privacy.Retention
{
    public static class RetentionTable
    {
        public static readonly System.TimeSpan SystemLogs = System.TimeSpan.FromDays(90);
        public static readonly System.TimeSpan InboxRows = System.TimeSpan.FromDays(8);
    }
}
