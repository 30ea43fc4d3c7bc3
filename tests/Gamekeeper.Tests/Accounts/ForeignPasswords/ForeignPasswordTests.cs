using System.Diagnostics;
using Gamekeeper.Accounts.ForeignPasswords;

namespace Gamekeeper.Tests.Accounts.ForeignPasswords;

/// <summary>Hashes that other makers made, checked against them; and those that are refused before they cost anything.</summary>
public sealed class ForeignPasswordTests
{
    // Published: OpenBSD's and jBCrypt's, Drepper's specification, RFC 7914, passlib's manual, the Argon2 reference, Django's own tests.
    public static TheoryData<string, string> Published => new()
    {
        { "", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s." },
        { "a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe" },
        { "abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" },
        { "U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" },
        { "Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5" },
        { "Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1" },
        { "password", "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E" },
        { "password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4" },
        { "password", "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ" },
        { "password", "$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdAw$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M" },
    };

    // Made by other makers on one machine: libxcrypt, OpenSSL and libargon2.
    public static TheoryData<string, string> MadeElsewhere => new()
    {
        { "correct horse 7", "$2a$04$CCCCCCCCCCCCCCCCCCCCC.uF6PSHCHC1CNQ.8vxE6EKegUeBDxEBS" },
        { "correct horse 7", "$2b$05$m0CrhHm10qJ3lXRY.5zDGO50mKX2LrxquHhwQvHxXuQyIo4hQb0b2" },
        { "correct horse 7", "$2y$06$If6bvum7DFjUnE9p2uDeDuCohTZdLneToiTjLA52eDeCWVg4vpDg6" },
        { "pässwörd ✓", "$2b$04$DCq7YPn5Rq63x1Lad4cll.lS656qyWANcSfEoGFGNPhaFW5fDyNrK" },
        { "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "$2b$04$DCq7YPn5Rq63x1Lad4cll.nJmTn/7Df9/c5/AzVmvwunbnvRmjrMC" },
        { "", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s." },
        { "correct horse 7", "$5$saltstring$SkC6Hlo89rowhmkprGNcAW2Dxu3LbTGCxjA.ipYkwcB" },
        { "correct horse 7", "$5$rounds=10000$saltstringsaltst$MY5V..M5nfyP9lcnO141hzwXH2nTWlr0DvKhn6Ur.1B" },
        { "correct horse 7", "$6$saltstring$tgLNDDNNB5qqJp6xKQeVWGPq.wp2JyhDocuF77uUqEIh1Li/XWhZ2tEgDOK/LgLRvvuK66V6m.SdXaK3l9dwY/" },
        { "correct horse 7", "$6$rounds=1400$anotherlongsalts$tmz799bu12SNyQn7S5.HmPWsELSGz0bqnj.lzK9wWr8PkKLDpt/yFc3eOGQ9SRz8ynVOVj.S0afkCt9TyU6tD/" },
        { "a very much longer text to encrypt.  This one even stretches over morethan one line.", "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1" },
        { "we have a short salt string but not a short password", "$5$rounds=77777$short$JiO1O3ZpDAxGJeaDIuqCoEFysAe1mZNJRs3pw0KQRd/" },
        { "correct horse 7", "$scrypt$ln=4,r=8,p=1$TmFDbCBvZiB0aGUgc2VhLg$KdGlt9MA0UkgBomsAsDN77Dyce9oiJsYRq+TkW4Pv7w" },
        { "correct horse 7", "$scrypt$ln=10,r=8,p=2$TmFDbCBvZiB0aGUgc2VhLg$faTuGWUvvBTHk9VIbnw9hu/VJ/VbrOx/gX4oG3d2YlA" },
        { "correct horse 7", "$scrypt$ln=14,r=8,p=1$TmFDbCBvZiB0aGUgc2VhLg$uoESwdlCZSRNASUCC/6sb2g62CGwUqnfcmtQbBi7gw4" },
        { "correct horse 7", "$scrypt$ln=15,r=1,p=3$TmFDbCBvZiB0aGUgc2VhLg$A6hO34RixXrZZPMBAJVvP074KLslsDXC1T8ML1rbIR8" },
        { "correct horse 7", "pbkdf2_sha256$1200$seasalt$Lmc0g3sgzOnWBfNiFoofWwd7vesoicXp5KkiQF1oayk=" },
        { "correct horse 7", "pbkdf2_sha1$1200$seasalt$FO3K/6noYjV/ecO55mfiteCaq7o=" },
        { "correct horse 7", "$pbkdf2-sha256$1200$yMnKy8zNzs/Q0dLT1NXW1w$8xJ6EXtiQFSSYHN3f2Px.jZOBEkEpjRovpf11TQ2Aac" },
        { "correct horse 7", "$pbkdf2$1200$yMnKy8zNzs/Q0dLT1NXW1w$0fl/fwEETVDD/ZW/qZTxfzY3YSQ" },
        { "correct horse 7", "$pbkdf2-sha512$1200$yMnKy8zNzs/Q0dLT1NXW1w$TkrlD.Kl5E1t2DVVTX4XzKH/YKOS4C5lV7lWNSAvrBnEMnSWpoylAsHRJHkmmDYrhVd8ntEwdqXVDTkEEAy7zQ" },
        { "correct horse 7", "$pbkdf2-sha256$i=1200,l=32$yMnKy8zNzs/Q0dLT1NXW1w$8xJ6EXtiQFSSYHN3f2Px+jZOBEkEpjRovpf11TQ2Aac" },
        { "correct horse 7", "$argon2id$v=19$m=256,t=2,p=1$TmFDbCBvZiB0aGUgc2VhLg$Ept4whFp7KM3rO0hkjPofUPm710/EdGiCdZNcCZUAwQ" },
        { "correct horse 7", "$argon2id$v=19$m=1024,t=3,p=4$TmFDbCBvZiB0aGUgc2VhLg$2e5t6R2JQjaJuE6PREEhWPqbSNXUDJtc39IzpclHiRQ" },
        { "correct horse 7", "$argon2id$v=19$m=64,t=1,p=8$TmFDbCBvZiB0aGUgc2VhLg$j0fUwS5Az15ST8lQo9K5xsbXNDc1C6fWhGgwQcJRE/k" },
        { "correct horse 7", "$argon2id$v=19$m=300,t=4,p=3$TmFDbCBvZiB0aGUgc2VhLg$EGAXxEZyfBwNRIq/gVMYmYwbQIlGBvuYURQadWAA+d0" },
        { "correct horse 7", "$argon2i$v=19$m=256,t=2,p=1$TmFDbCBvZiB0aGUgc2VhLg$N4nytrSnvWN6R71nvcaNOn6U/YTM53VOj5pDqEgoHvA" },
        { "correct horse 7", "$argon2i$v=19$m=512,t=3,p=2$TmFDbCBvZiB0aGUgc2VhLg$gdW98lPZHZRtS1Wgx4MFysTzfCVgoKJrZFm0ApGiS9U" },
        { "correct horse 7", "$argon2i$v=16$m=512,t=3,p=2$TmFDbCBvZiB0aGUgc2VhLg$bxRsj54AaLSx7cvYh2Sg5WEEWfQjr+tgQh6D76Nirug" },
        { "correct horse 7", "$argon2id$v=16$m=256,t=2,p=2$TmFDbCBvZiB0aGUgc2VhLg$+boXu3MSBZEX2flgGiR+in0StIJdseFtmWLGBV8cehM" },
        { "correct horse 7", "$argon2id$v=19$m=65536,t=1,p=4$TmFDbCBvZiB0aGUgc2VhLg$CKOxSQXvCDf0qQskrgJs8I8pPXSEBGIM6urOMEKexKo" },
        { "correct horse 7", "$argon2id$v=19$m=64,t=2,p=1$TmFDbCBvZiB0aGUgc2VhLg$XC4/l5SabV1EkxdFyEBj0Wiy+YYQ1ifPBnycdR5aLkTSmkf55xi5Y/8SxYYgTZfdnHRqMbWt7w4DoNDKHpTKwhLYBbYS2GTKLhOWp0B7c0vc/u+dckti8OR6VHYZhb1EWZkaJA" },
        { "correct horse 7", "AMjJysvMzc7P0NHS09TV1td2k4NHg3A45x//LNjcgpYSFAiq3bJiRmMxG4Ca0B9Npw==" },
        { "correct horse 7", "AQAAAAIAAAXcAAAAEMjJysvMzc7P0NHS09TV1tfrDhN98mtKNwxZdgMHircE306gQ4wgiJXqHou1opPwcQ==" },
        { "correct horse 7", "AQAAAAEAACcQAAAAEMjJysvMzc7P0NHS09TV1tedJ3gsEdT//xKEIT4DUGaHAd1hO3MfLabGfAP8vppaVg==" },
    };

    [Theory]
    [MemberData(nameof(Published))]
    [MemberData(nameof(MadeElsewhere))]
    public void The_password_it_was_made_of_fits_and_no_other(string password, string hash)
    {
        var found = ForeignPassword.Parse(hash, out var problem).ShouldNotBeNull(problem);

        found.Matches(password).ShouldBeTrue();
        found.Matches(password + "1").ShouldBe(password.Length >= 72 && hash.StartsWith("$2", StringComparison.Ordinal));
        found.Matches("Correct horse 7").ShouldBeFalse();
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "", "1 to 512" },
        { "5f4dcc3b5aa765d61d8327deb882cf99", "known form" },
        { "$1$salt$qJH7.N4xYta3aEG/dfqo/0", "known form" },
        { "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "known form" },
        { "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "cost 31" },
        { "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe", "cut" },
        { "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO!W", "cut" },
        { "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "m 4194304" },
        { "$argon2id$v=19$m=262144,t=1000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "of work" },
        { "$argon2id$v=19$m=4,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "m 4" },
        { "$argon2id$v=18$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "version" },
        // 2^32 + 19.
        { "$argon2id$v=4294967315$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "v 4294967315" },
        { "$argon2id$v=19$m=256,t=2,p=1,x=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "parameter" },
        { "$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "known form" },
        { "$scrypt$ln=21,r=64,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E", "MiB" },
        { "$scrypt$ln=30,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E", "ln 30" },
        { "$scrypt$ln=17,r=8,p=64$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E", "of work" },
        { "pbkdf2_sha256$999999999$seasalt$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E=", "rounds 999999999" },
        { "pbkdf2_md5$1000$seasalt$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E=", "known form" },
        { "$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdAw$Y11A", "3 bytes" },
        { "$6$rounds=999999999$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1", "rounds 999999999" },
        // ASP.NET Core Identity v3 with 2^31 rounds.
        { Convert.ToBase64String([1, 0, 0, 0, 1, 128, 0, 0, 0, 0, 0, 0, 16, .. new byte[48]]), "rounds 2147483648" },
        // 64 bytes of SHA-1 are four digests, each of all rounds.
        { Convert.ToBase64String([1, 0, 0, 0, 0, 0, 0x4C, 0x4B, 0x40, 0, 0, 0, 16, .. new byte[16 + 64]]), "rounds 5000000" },
        { $"$pbkdf2$5000000$yMnKy8zNzs/Q0dLT1NXW1w${Convert.ToBase64String(new byte[128])}", "rounds 5000000" },
        { Convert.ToBase64String([2, .. new byte[60]]), "known form" },
    };

    [Fact]
    public void A_text_of_any_kind_is_read_or_refused_and_never_breaks()
    {
        var random = new Random(20261120);
        var seeds = Published.Concat(MadeElsewhere).Select(r => r.Data.Item2).ToArray();
        const string letters = "$=,.+/0123456789AZaz\0 v";
        for (var i = 0; i < 50_000; i++)
        {
            var text = seeds[random.Next(seeds.Length)].ToCharArray().ToList();
            for (var change = random.Next(1, 5); change > 0 && text.Count > 0; change--)
            {
                var at = random.Next(text.Count);
                var letter = letters[random.Next(letters.Length)];
                switch (random.Next(3))
                {
                    case 0:
                        text[at] = letter;
                        break;
                    case 1:
                        text.RemoveAt(at);
                        break;
                    default:
                        text.InsertRange(at, Enumerable.Repeat(letter, random.Next(1, 9)));
                        break;
                }
            }
            var hash = string.Concat(text);
            // The work itself is what the bounds are for; here only that nothing but a verdict comes out.
            Should.NotThrow(() => ForeignPassword.Parse(hash, out _), hash);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_checked_or_would_cost_too_much_is_refused_unseen(string hash, string reason)
    {
        var started = Stopwatch.GetTimestamp();

        ForeignPassword.Parse(hash, out var problem).ShouldBeNull();

        problem.ShouldContain(reason);
        // Reading is not checking.
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        if (hash.Length > 0)
            problem.ShouldNotContain(hash[^Math.Min(8, hash.Length)..]);
    }
}
