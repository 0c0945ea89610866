# Finds a JDK 25 or newer and exports JAVA_HOME; sourced by ../mvnw and ../client/ackgate, POSIX sh.
#
# JAVA_HOME, where it is set, is the user's word: it is checked and never replaced. Otherwise the `java` on the PATH is
# taken if it is new enough, and then the usual places are searched: JDK 25 first, which is what Ackgate is tested on,
# and otherwise the newest.

# Prints the feature release (17, 25, ...) of the JDK at $1, or nothing if there is none. Reads the `release` file that
# every JDK has, which costs nothing against starting a JVM.
jdk25_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" | head -n 1
}

# Prints the home of the `java` on the PATH, or nothing.
jdk25_on_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' | head -n 1
}

# Prints every directory that may be a JDK, one a line.
jdk25_places() {
  printf '%s\n' "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}" "${JDK_25-}"
  for jdk25_dir in \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/openjdk-* /usr/local/jdk* \
    /opt/* /opt/java/* /opt/jdk/* /opt/jvm/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.jabba/jdk/* \
    "${HOME-}"/.asdf/installs/java/* "${HOME-}"/.local/share/mise/installs/java/* "${HOME-}"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    printf '%s\n' "$jdk25_dir"
  done
  [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v 25+ 2>/dev/null || :
}

# Prints "release home" of the JDK to take, or nothing.
jdk25_search() {
  # The caller may have switched globbing off.
  set +f
  jdk25_places | while IFS= read -r jdk25_dir; do
    jdk25_found=$(jdk25_release "$jdk25_dir")
    [ "${jdk25_found:-0}" -ge 25 ] || continue
    # JDK 25 itself sorts above every other release.
    [ "$jdk25_found" -eq 25 ] && jdk25_rank=9999 || jdk25_rank=$jdk25_found
    printf '%s %s\n' "$jdk25_rank" "$jdk25_dir"
  done | sort -rn | head -n 1
}

# Sets and exports JAVA_HOME, or says what is missing and returns 1.
jdk25_find() {
  if [ -n "${JAVA_HOME-}" ]; then
    jdk25_found=$(jdk25_release "$JAVA_HOME")
    if [ "${jdk25_found:-0}" -lt 25 ]; then
      {
        echo "Ackgate needs a JDK 25 or newer, but JAVA_HOME is $JAVA_HOME,"
        if [ -n "$jdk25_found" ]; then echo "which is a JDK $jdk25_found."; else echo "which is no JDK."; fi
        echo "Point JAVA_HOME to a JDK 25, or unset it to have one looked for."
      } >&2
      return 1
    fi
    export JAVA_HOME
    return 0
  fi
  jdk25_home=$(jdk25_on_path)
  jdk25_found=$(jdk25_release "$jdk25_home")
  if [ "${jdk25_found:-0}" -lt 25 ]; then
    jdk25_line=$(jdk25_search)
    if [ -z "$jdk25_line" ]; then
      {
        echo "Ackgate needs a JDK 25 or newer, and none was found."
        if [ -n "$jdk25_home" ]; then
          echo "The java on the PATH is ${jdk25_found:+release $jdk25_found, }at $jdk25_home."
        else
          echo "There is no java on the PATH."
        fi
        echo "Install one, for instance Eclipse Temurin 25 (apt install temurin-25-jdk, brew install openjdk@25,"
        echo "sdk install java 25-tem), or set JAVA_HOME to where it is."
        echo "Looked in /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks, /Library/Java and their like."
      } >&2
      return 1
    fi
    jdk25_home=${jdk25_line#* }
  fi
  JAVA_HOME=$jdk25_home
  export JAVA_HOME
}
