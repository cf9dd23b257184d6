using System.Security.Cryptography;
using WpAsis.MessagingGateway.Media;

namespace WpAsis.MessagingGateway.Tests.Media;

public sealed class CopyVerifiedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData(300_000)]
    public async Task A_file_that_is_what_was_promised_arrives(int length)
    {
        var file = RandomNumberGenerator.GetBytes(length);
        using var target = new MemoryStream();

        var whole = await RunAsync(file, target, SHA256.HashData(file), 1_000_000);

        whole.ShouldBeTrue();
        target.ToArray().ShouldBe(file);
    }

    [Fact]
    public async Task A_changed_file_never_arrives_completely()
    {
        var file = RandomNumberGenerator.GetBytes(300_000);
        using var target = new MemoryStream();

        (await RunAsync(file, target, SHA256.HashData(file[1..]), 1_000_000)).ShouldBeFalse();
        target.Length.ShouldBeLessThan(file.Length);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_cut_off()
    {
        var file = new byte[300_000];
        using var target = new MemoryStream();

        (await RunAsync(file, target, SHA256.HashData(file), 299_999)).ShouldBeFalse();
        target.Length.ShouldBeLessThan(300_000);
    }

    [Fact]
    public void Hashes_are_read_in_both_of_Metas_forms()
    {
        var hash = SHA256.HashData([1, 2, 3]);

        CopyVerified.ParseHash(Convert.ToHexStringLower(hash)).ShouldBe(hash);
        CopyVerified.ParseHash(Convert.ToBase64String(hash)).ShouldBe(hash);
        CopyVerified.ParseHash("nonsense").ShouldBeNull();
        CopyVerified.ParseHash(null).ShouldBeNull();
    }

    private static async Task<bool> RunAsync(byte[] file, Stream target, byte[] expected, long most)
    {
        using var source = new MemoryStream(file);
        return await CopyVerified.RunAsync(source, target, [expected], most, TestContext.Current.CancellationToken);
    }
}
