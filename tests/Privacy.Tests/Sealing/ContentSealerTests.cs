using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Tests.KeyRings;

namespace WpAsis.Privacy.Tests.Sealing;

public sealed class ContentSealerTests : IDisposable
{
    private static readonly byte[] Words = Encoding.UTF8.GetBytes("Yarın saat üçte gelebilir miyim?");
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new(2026, 11, 24, 9, 59, 59, TimeSpan.Zero));
    private readonly ContentSealer sealer;

    public ContentSealerTests() => sealer = NewSealer();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Content_opens_before_its_epoch_ends_and_not_after()
    {
        var address = NewAddress();
        var content = sealer.Seal(address, WindowClass.Hours24, Words);

        clock.SetUtcNow(new(2026, 11, 25, 8, 59, 59, TimeSpan.Zero));
        sealer.TryOpen(address, content, out var opened).ShouldBeTrue();
        opened.ShouldBe(Words);
        NewSealer().TryOpen(address, content, out _).ShouldBeTrue("another process reads it too");

        clock.SetUtcNow(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        sealer.TryOpen(address, content, out opened).ShouldBeFalse();
        opened.ShouldBeEmpty();
        new ContentKeyRing(folder.Path, clock).DestroyExpired().Count.ShouldBe(1);
        sealer.TryOpen(address, content, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_new_hour_seals_under_a_new_key()
    {
        var first = sealer.Seal(NewAddress(), WindowClass.Hours24, Words);
        clock.Advance(TimeSpan.FromSeconds(1));
        var second = sealer.Seal(NewAddress(), WindowClass.Hours24, Words);

        first.Epoch.ShouldBe("24-2026112409");
        second.Epoch.ShouldBe("24-2026112410");
    }

    [Fact]
    public void Content_that_was_moved_does_not_open()
    {
        var address = NewAddress();
        var content = sealer.Seal(address, WindowClass.Hours24, Words);

        foreach (
            var elsewhere in (ContentAddress[])
                [
                    address with
                    {
                        Tenant = new TenantId(TypedId.RandomGuid()),
                    },
                    address with
                    {
                        Thread = new ThreadId(TypedId.RandomGuid()),
                    },
                    address with
                    {
                        Item = TypedId.RandomGuid(),
                    },
                    address with
                    {
                        Kind = "reply",
                    },
                    address with
                    {
                        Thread = new ThreadId(address.Item),
                        Item = address.Thread.Value,
                    },
                ]
        )
            Should.Throw<CryptographicException>(() => sealer.TryOpen(elsewhere, content, out _));
    }

    [Fact]
    public void Content_that_was_changed_does_not_open_and_the_error_quotes_nothing()
    {
        var address = NewAddress();
        var content = sealer.Seal(address, WindowClass.Hours24, Words);
        _ = sealer.Seal(address, WindowClass.Hours72, Words);

        foreach (
            var changed in (SealedContent[])
                [
                    content with
                    {
                        Nonce = Flip(content.Nonce),
                    },
                    content with
                    {
                        Tag = Flip(content.Tag),
                    },
                    content with
                    {
                        Ciphertext = Flip(content.Ciphertext),
                    },
                    content with
                    {
                        Ciphertext = content.Ciphertext[1..],
                    },
                    content with
                    {
                        Tag = content.Tag[..12],
                    },
                    content with
                    {
                        Nonce = [],
                    },
                    content with
                    {
                        Epoch = "72-2026112409",
                    },
                    content with
                    {
                        Epoch = "../24-2026112409",
                    },
                ]
        )
            Should.Throw<CryptographicException>(() => sealer.TryOpen(address, changed, out _)).Message.ShouldNotContain("saat");
    }

    [Fact]
    public void Content_that_is_sealed_again_after_its_end_seals_under_a_living_key_only()
    {
        var address = NewAddress();
        _ = sealer.Seal(address, WindowClass.Hours6, Words);

        clock.Advance(TimeSpan.FromDays(2));

        sealer.Seal(address, WindowClass.Hours6, Words).Epoch.ShouldBe("6-2026112609");
    }

    [Fact]
    public void What_is_larger_than_a_message_is_refused()
    {
        sealer.Seal(NewAddress(), WindowClass.Hours24, new byte[SealedContent.MaxBytes]).Ciphertext.Length.ShouldBe(SealedContent.MaxBytes);

        Should.Throw<ArgumentException>(() => sealer.Seal(NewAddress(), WindowClass.Hours24, new byte[SealedContent.MaxBytes + 1]));
        Should.Throw<ArgumentException>(() => sealer.SealRaw(TypedId.RandomGuid(), new byte[ContentSealer.MaxRawBytes + 1]));
        Should.Throw<ArgumentException>(() => sealer.Seal(NewAddress() with { Kind = "" }, WindowClass.Hours24, Words));
        Should.Throw<ArgumentException>(() => sealer.Seal(NewAddress() with { Kind = new string('x', 65) }, WindowClass.Hours24, Words));
    }

    [Fact]
    public void A_raw_body_is_sealed_for_six_hours_and_opens_for_its_own_row_only()
    {
        var intake = TypedId.RandomGuid();
        var body = RandomNumberGenerator.GetBytes(ContentSealer.MaxRawBytes);
        var content = sealer.SealRaw(intake, body);

        content.Epoch.ShouldBe("6-2026112409");
        sealer.TryOpenRaw(intake, content, out var opened).ShouldBeTrue();
        opened.AsSpan().SequenceEqual(body).ShouldBeTrue();
        Should.Throw<CryptographicException>(() => sealer.TryOpenRaw(TypedId.RandomGuid(), content, out _));
        sealer.SealRaw(intake, Words, WindowClass.Hours72).Epoch.ShouldBe("72-2026112409");
    }

    [Fact]
    public void A_raw_body_never_opens_as_a_message()
    {
        var id = TypedId.RandomGuid();
        var content = sealer.SealRaw(id, Words);

        Should.Throw<CryptographicException>(() => sealer.TryOpen(NewAddress() with { Item = id }, content, out _));
    }

    [Fact]
    public void Whatever_is_sealed_opens_as_it_was() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.Guid, Gen.String[Gen.Char.AlphaNumeric, 1, 64])
            .Sample(
                (bytes, item, kind) =>
                {
                    var address = NewAddress() with { Item = item, Kind = kind };
                    var content = sealer.Seal(address, WindowClass.Hours12, bytes);

                    sealer.TryOpen(address, content, out var opened).ShouldBeTrue();
                    opened.ShouldBe(bytes);
                }
            );

    [Fact]
    public void Many_threads_seal_and_open_at_once_without_mixing_anything_up()
    {
        const int Threads = 16;
        const int Each = 2000;
        var nonces = new HashSet<string>[Threads];

        FileKeyRingTests.RunAtOnce(
            Threads,
            thread =>
            {
                nonces[thread] = new HashSet<string>(StringComparer.Ordinal);
                for (var i = 0; i < Each; i++)
                {
                    var address = NewAddress();
                    var words = Encoding.UTF8.GetBytes($"{thread}:{i}:{new string('x', i % 100)}");
                    var content = sealer.Seal(address, WindowClass.Hours24, words);
                    nonces[thread].Add(Convert.ToHexString(content.Nonce));
                    sealer.TryOpen(address, content, out var opened).ShouldBeTrue();
                    opened.AsSpan().SequenceEqual(words).ShouldBeTrue();
                }
            }
        );

        nonces.SelectMany(seen => seen).Distinct(StringComparer.Ordinal).Count().ShouldBe(Threads * Each);
    }

    private ContentSealer NewSealer() => new(new ContentKeyRing(folder.Path, clock));

    private static ContentAddress NewAddress() =>
        new(new TenantId(TypedId.RandomGuid()), new ThreadId(TypedId.RandomGuid()), TypedId.RandomGuid(), "text");

    private static byte[] Flip(byte[] bytes)
    {
        var changed = (byte[])bytes.Clone();
        changed[^1] ^= 1;
        return changed;
    }
}
